import { randomBytes } from 'node:crypto';
import { API_BASE, type MetricsAnswer, type RowAnswer, type RowsAnswer } from '@rolloscope/contract';
import { type Answer, type Caller, described } from './Caller';
import { refusedOf } from './checkStore';
import { type Finding, ok, problem, skipped, warning } from './Finding';

/** Characters of the long response, more than proxies take by default: nginx refuses bodies of more than 1 MB. */
const LARGE = 1024 * 1024;
const TABLE = 'rollouts';

/**
 * Logs a run of one point and one long rollout, reads both, and deletes the run, so that nothing is left. A token that only
 * reads is no fault: Grafana has such a one.
 */
export async function tryRun(store: Caller, project: string): Promise<Finding[]> {
  const id = `doctor-${randomBytes(6).toString('hex')}`;
  const path = `${API_BASE}/runs/${id}`;
  const made = await store.call('PUT', path, { project, name: 'written by rolloscope-store doctor' });
  if (made.status !== 200) {
    return [mayNotWrite(made, store, project)];
  }
  const findings = [ok('write', `It may write: a run ${id} was made in the project ${project}.`)];
  try {
    findings.push(await large(store, path), ...(await readBack(store, id, path)));
  } finally {
    findings.push(await deleted(store, path, id));
  }
  return findings;
}

function mayNotWrite(answer: Answer, store: Caller, project: string): Finding {
  const { code, message = '' } = answer.error;
  if (code !== 'not_allowed') {
    return refusedOf('write', answer, store);
  }
  return message.includes('project')
    ? problem(
        'write',
        `The token may not write to the project ${project}: ${message}`,
        'Name one that it may write to with --project; the run is deleted again.',
      )
    : skipped(
        'write',
        'It reads only: right for Grafana. Nothing was written.',
        'A trainer needs one that may write; try it with --token.',
      );
}

async function large(store: Caller, path: string): Promise<Finding> {
  const response = 'x'.repeat(LARGE);
  const tables = { [TABLE]: { columns: ['prompt', 'response', 'reward'], rows: [['doctor', response, 0.5]] } };
  const answer = await store.call('POST', `${path}/log`, {
    entries: [{ step: 1, metrics: { 'doctor/reward': 0.5 }, tables }],
  });
  if (answer.status === 200) {
    return ok('log', 'A log call of 1 MB came through, and was stored.');
  }
  return answer.status === 413 && answer.error.code === undefined
    ? problem(
        'log',
        'A log call of 1 MB is refused by something in between (413).',
        'Raise the limit of the proxy to 32 MB; nginx: client_max_body_size 32m;',
      )
    : problem(
        'log',
        `A log call of 1 MB is refused: ${described(answer)}`,
        'The message says why; a proxy in between may be it.',
      );
}

async function readBack(store: Caller, id: string, path: string): Promise<Finding[]> {
  const run = await store.call('GET', path);
  if (run.status === 403) {
    return [skipped('read back', 'The token may not read, so nothing was read back.')];
  }
  const [points, rows] = await Promise.all([
    store.call('POST', `${API_BASE}/query/metrics`, { runs: [id], metrics: ['doctor/reward'] }),
    store.call('POST', `${API_BASE}/query/rows`, { runs: [id], table: TABLE, columns: ['response'], preview: 10 }),
  ]);
  const [series] = (points.body as Partial<MetricsAnswer>).series ?? [];
  const page = rows.body as Partial<RowsAnswer>;
  const whole = await store.call('GET', `${API_BASE}/rows/${encodeURIComponent(page.rowIds?.[0] ?? '')}`);
  const isSame =
    series?.value[0] === 0.5 && String((whole.body as Partial<RowAnswer>).cells?.response).length === LARGE;
  return [
    isSame
      ? ok('read back', 'The point and the rollout come back as they were logged.')
      : problem(
          'read back',
          `What was logged does not come back: ${described(whole)}`,
          'Something in between changes or keeps answers; ask the store without it.',
        ),
  ];
}

async function deleted(store: Caller, path: string, id: string): Promise<Finding> {
  const answer = await store.call('DELETE', path).catch(() => undefined);
  return answer?.status === 200
    ? ok('clean up', 'The run was deleted again; nothing is left.')
    : warning('clean up', `The run ${id} could not be deleted.`, `Delete it: DELETE ${path}`);
}
