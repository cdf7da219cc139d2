/** A way by which a run comes into the store. */
interface Way {
  id: string;
  label: string;
  /** A sentence that says what it is for. */
  about: string;
  /** Lines for a shell. */
  lines: string;
}

/** The store's write token goes here; a store without tokens takes any word. No comment stands beside it: not every shell takes one. */
const TOKEN = 'export STORE_TOKEN=local';

const RUN = 'python train.py';

/** W&B's clients take no key of another form. */
const KEY_END = '0'.repeat(40);

/** The lines that bring a run into the store at `url`, by way. `docs/logging.md` has the whole of each. */
export function firstSteps(url: string): Way[] {
  const store = quoted(url);
  const call = (path: string, body: object, method = 'POST') =>
    `curl -fsS -X ${method} -H "Authorization: Bearer $STORE_TOKEN" -H 'Content-Type: application/json' ` +
    `-d '${JSON.stringify(body)}' ${quoted(`${url}/api/v1/runs/first-run${path}`)}`;
  return [
    {
      id: 'wandb',
      label: 'W&B',
      about: 'The trainer logs to Weights & Biases: two variables, and no change to it.',
      lines: [TOKEN, `export WANDB_BASE_URL=${store}`, `export WANDB_API_KEY=$STORE_TOKEN-${KEY_END}`, RUN].join('\n'),
    },
    {
      id: 'mlflow',
      label: 'MLflow',
      about: 'The trainer logs to MLflow.',
      lines: [TOKEN, `export MLFLOW_TRACKING_URI=${store}`, 'export MLFLOW_TRACKING_TOKEN="$STORE_TOKEN"', RUN].join(
        '\n',
      ),
    },
    {
      id: 'trackio',
      label: 'trackio',
      about: 'The trainer logs to trackio.',
      lines: [TOKEN, `export TRACKIO_SERVER_URL=${store}`, 'export TRACKIO_WRITE_TOKEN="$STORE_TOKEN"', RUN].join('\n'),
    },
    {
      id: 'files',
      label: 'Files',
      about:
        'The trainer writes files: verl, TRL, prime-rl, TensorBoard, JSONL, CSV and others. Name the folder of one run.',
      lines: [TOKEN, `export STORE_URL=${store}`, 'npx rolloscope-store import --follow runs/first-run'].join('\n'),
    },
    {
      id: 'http',
      label: 'HTTP',
      about: 'Any program, in any language. These lines log one point, here and now, and finish the run.',
      lines: [
        TOKEN,
        call('', { project: 'first-steps' }, 'PUT'),
        call('/log', { entries: [{ step: 1, metrics: { 'eval/accuracy/mean': 0.5 } }] }),
        call('/finish', {}),
      ].join('\n'),
    },
  ];
}

/** Quotes an address for a shell where it holds what a shell would act on: somebody wrote it into the settings. */
const quoted = (text: string) => (/^[\w:/.@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
