import { API_BASE } from '@rolloscope/contract';
import { type Caller, described } from './Caller';
import { type Finding, ok, problem, skipped, warning } from './Finding';

/** The id of a row, and of a run, that nobody has: what refuses a write to it tells whether a token may write there. */
export const NOBODY = 'rolloscope-doctor-nobody-has-this';
const PATH = `${API_BASE}/labels/${NOBODY}`;
const LABEL = { person: 'rolloscope-store doctor', star: true };

/** Checks whether a token that Grafana is to hold may label, and nothing else. */
export async function checkLabelToken(store: Caller): Promise<Finding[]> {
  const check = 'label token';
  const answer = await store.call('PUT', PATH, LABEL);
  if (answer.error.code !== 'row_not_found') {
    return [
      answer.error.code === 'not_allowed'
        ? problem(
            check,
            'The store knows this token, and it may not label.',
            'Take the one of --label-token, or give it the scope label in the tokens file.',
          )
        : problem(
            check,
            `Nobody labels with it: ${described(answer)}`,
            'Start the store with --label-token, or take the one that it was started with.',
          ),
    ];
  }
  const write = await store.call('POST', `${API_BASE}/runs/${NOBODY}/log`, { entries: [] });
  return [
    write.error.code === 'run_not_found'
      ? warning(
          check,
          'It may label, and write runs as well: Grafana would hold more than it needs.',
          'Give Grafana one with the scope label alone.',
        )
      : ok(check, 'It may label, and not write runs.'),
  ];
}

/** Checks whether people may label through a data source of Grafana's; `path` is the store behind its proxy. */
export async function checkLabelsOf(grafana: Caller, name: string, path: string, hasToken: boolean): Promise<Finding> {
  const check = `labels of ${name}`;
  if (!hasToken) {
    return skipped(
      check,
      'It holds no label token, so nobody labels rollouts through it.',
      "Give it the store's label token in its settings (jsonData.labels and secureJsonData.labelToken when provisioned).",
    );
  }
  const answer = await grafana.call('PUT', `${path}/labels/${NOBODY}`, LABEL);
  const { code } = answer.error;
  if (code === 'row_not_found') {
    return ok(check, 'Editors and Admins label rollouts through it.');
  }
  if (answer.status === 403 && code === undefined) {
    return skipped(
      check,
      'Grafana lets Editors and Admins label only, and this token is of neither.',
      'Give --grafana-token of an Editor or Admin to have it tried.',
    );
  }
  return problem(
    check,
    `Nobody labels through it: ${code === undefined && answer.status === 400 ? 'the store does not know its label token.' : described(answer)}`,
    'Set its label token to that of the store, and start the store with --label-token.',
  );
}
