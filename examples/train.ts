import { parseArgs } from 'node:util';
import { runTraining } from './runTraining';
import { StoreClient } from './StoreClient';
import { DEFAULTS } from './Trainer';

const HELP = `Trains a small policy on word problems, for real, and logs the run to a store.

  node examples/dist/train.js --url http://127.0.0.1:8900 --name first-try

  --url URL            of the run store (default http://127.0.0.1:8900)
  --token TOKEN        its write token, if it has tokens (or STORE_TOKEN)
  --project NAME       default word-problems
  --run-id ID          default: made of the name and the time
  --name NAME          default train
  --steps N            default 150
  --seed N             default 1; the same seed gives the same run
  --lr RATE            default 0.6
  --step-time MS       a step takes at least so long; default 0, full speed
  --tags A,B           tags of the run
  --baseline ID        the run to compare with
  --lenient-verifier   accepts the right number anywhere in a response: the policy learns to list numbers
  --collapse-at STEP   from this step on the learning rate is far too high
`;

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8900' },
    token: { type: 'string' },
    project: { type: 'string', default: 'word-problems' },
    'run-id': { type: 'string' },
    name: { type: 'string', default: 'train' },
    steps: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    lr: { type: 'string', default: '0.6' },
    'step-time': { type: 'string', default: '0' },
    tags: { type: 'string' },
    baseline: { type: 'string' },
    'lenient-verifier': { type: 'boolean', default: false },
    'collapse-at': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function whole(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    console.error(`--${option} takes a whole number, not ${JSON.stringify(text)}. See --help.`);
    process.exit(2);
  }
  return Number(text);
}

if (values.help) {
  console.log(HELP);
} else {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => stop.abort());
  }
  const token = values.token ?? process.env.STORE_TOKEN;
  const id = values['run-id'] ?? `${values.name}-${Date.now().toString(36)}`;
  await runTraining(new StoreClient(values.url, token), {
    ...DEFAULTS,
    id,
    name: values.name,
    project: values.project,
    steps: whole('steps', values.steps),
    seed: whole('seed', values.seed),
    learningRate: Number(values.lr) || DEFAULTS.learningRate,
    stepTime: whole('step-time', values['step-time']),
    lenient: values['lenient-verifier'],
    signal: stop.signal,
    ...(values.tags && { tags: values.tags.split(',') }),
    ...(values.baseline && { baseline: values.baseline }),
    ...(values['collapse-at'] && { collapseAt: whole('collapse-at', values['collapse-at']) }),
  });
  console.log(`Run ${id} is finished.`);
}
