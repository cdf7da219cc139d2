import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { experimentIdOf } from '../../store/mlflow/experimentId';
import { type AttackedStore, attackedStore } from './attackedStore';

vi.setConfig({ testTimeout: 120_000 });
/** That send at one time. */
const CLIENTS = 8;

let store: AttackedStore;
let runId: string;
beforeAll(async () => {
  store = await attackedStore();
  await store.call('PUT', '/api/v1/runs/r', { project: 'p', config: { a: 1 } });
  await graphQl('UpsertBucket', { name: 'w', project: 'p' });
  const made = await store.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0' });
  runId = (made.json as { run: { info: { run_id: string } } }).run.info.run_id;
});
afterAll(() => store.stop());
beforeEach(() => store.reset());
afterEach(() => store.expectWell());

const graphQl = (name: string, variables: unknown) =>
  store.call('POST', '/graphql', `{"query":"query ${name} { a { b } }","variables":${jsonOf(variables)}}`);
const jsonOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** What stands where something else should: JavaScript's own conversions, comparisons and look-ups trip over it. */
const ODDITIES = [
  '{"toString":1,"valueOf":1,"toJSON":1}',
  '[{"toString":1}]',
  '{"__proto__":{"a":1},"constructor":1,"hasOwnProperty":1,"length":-1}',
  `${'['.repeat(40)}1${']'.repeat(40)}`,
  'null',
  'true',
  '-1',
  '1.5',
  '1e308',
  '"__proto__"',
  '"constructor"',
  '"\\u0000"',
  '[]',
  '{}',
];
const PLACE = '\u0001place';

/** The value as JSON, once for each thing in it and each oddity that may stand in its place. */
function* spoiledEverywhere(value: unknown): Generator<string> {
  const holders: Array<Record<string, unknown>> = [];
  const walk = (one: unknown) => {
    if (typeof one === 'object' && one !== null) {
      holders.push(one as Record<string, unknown>);
      Object.values(one).forEach(walk);
    }
  };
  walk(value);
  for (const holder of holders) {
    for (const [key, kept] of Object.entries(holder)) {
      holder[key] = PLACE;
      const text = JSON.stringify(value);
      holder[key] = kept;
      for (const oddity of ODDITIES) {
        yield text.replace(JSON.stringify(PLACE), () => oddity);
      }
    }
  }
}

const message = {
  role: 'user',
  content: [{ type: 'text', text: 'q' }, { type: 'image' }, { function: { name: 'f' } }],
};
const row = { prompt: 'p', completion: 'c', reward: 1, rewards: { a: 1 }, messages: [message], step: 1 };
const table = { columns: Object.keys(row), rows: [Object.values(row)] };
const history = {
  _step: 1,
  _timestamp: 1,
  _runtime: 1,
  loss: 1,
  text: 'x',
  list: [1],
  t: { _type: 'table-file', path: 'x' },
};
const wandb = {
  m: [{ 1: 'train/step' }, { 2: 'train/*', 5: 1, 6: [1] }, { 1: 'x', 4: 'y' }],
  e: { host: { host: 'h', gpu_count: 1, gpu_nvidia: [{ uuid: 'u' }], slurm: { job_id: 1 }, startedAt: '2026-01-01' } },
  branch_point: { run_id: 'w', step: 1 },
};
const run = { name: 'w', project: 'p', entity: 'e', run: 'w', runName: 'w' };
const specs = { keys: ['loss'], samples: 5, minStep: 0, maxStep: 9 };
const pair = [{ key: 'k', value: 'v' }];
const trackio = { project: 'p', run: 'k', run_id: 'k', step: 1, timestamp: '2026-01-01T00:00:00', log_id: 'l' };
const media = (type: string, more: object) => ({ _type: `trackio.${type}`, ...more });
const kwargs = (of: object) => ({ args: ['p'], kwargs: of });
const stream = (file: string, line: unknown) => ({ files: { [file]: { offset: 0, content: [line] } }, exitcode: 0 });
const mlflow = (path: string) => (body: string) =>
  store.call('POST', `/api/2.0/mlflow/${path}`, body.replaceAll('RUN_ID', runId));
const post = (path: string) => (body: string) => store.call('POST', path, body);
const asked = (name: string, field?: string) => (body: string) =>
  graphQl(name, field === undefined ? body : { ...run, [field]: field === 'specs' ? [body] : body });
let writers = 0;
const line = (file: string) => (body: string) =>
  store.call('POST', '/files/e/p/w/file_stream', stream(file, body), { 'x-wandb-async-client-id': `${writers++}` });

type Send = (body: string) => ReturnType<AttackedStore['call']>;
/** Every way in: a body that is right, and how a text in its place is sent. */
const WAYS: Array<[way: string, good: unknown, send: Send]> = [
  ['a table', { entries: [{ step: 1, metrics: { m: 1 }, tables: { t: table } }] }, post('/api/v1/runs/r/log')],
  ['events', { events: [{ type: 'x', title: 't', values: { v: 1 } }] }, post('/api/v1/runs/r/events')],
  [
    'OpenTSDB',
    {
      start: 0,
      end: 9,
      queries: [{ metric: 'm', aggregator: 'sum', downsample: '1m-avg', rate: true, tags: { a: '*' } }],
    },
    post('/opentsdb/api/query'),
  ],
  [
    'MLflow’s batch',
    { run_id: 'RUN_ID', metrics: [{ key: 'm', value: 1, step: 1, timestamp: 1 }], params: pair, tags: pair },
    mlflow('runs/log-batch'),
  ],
  [
    'MLflow’s create',
    { experiment_id: experimentIdOf('p'), run_name: 'n', start_time: 1, tags: pair, user_id: 'u' },
    mlflow('runs/create'),
  ],
  ['MLflow’s update', { run_id: 'RUN_ID', status: 'RUNNING', run_name: 'x', end_time: 1 }, mlflow('runs/update')],
  ['MLflow’s tag', { run_id: 'RUN_ID', key: 'k', value: 'v' }, mlflow('runs/set-tag')],
  ['MLflow’s tag that goes', { run_id: 'RUN_ID', key: 'k' }, mlflow('runs/delete-tag')],
  [
    'MLflow’s search',
    {
      experiment_ids: ['0'],
      filter: "tags.a = 'b'",
      order_by: ['metrics.loss DESC'],
      max_results: 5,
      page_token: '1',
      run_view_type: 'ALL',
    },
    mlflow('runs/search'),
  ],
  [
    'MLflow’s experiments',
    { name: 'p', filter: "name = 'p'", max_results: 5, page_token: '1' },
    mlflow('experiments/search'),
  ],
  [
    'W&B’s run',
    { ...run, displayName: 'd', groupName: 'g', jobType: 'j', tags: ['t'], notes: 'n', host: 'h' },
    asked('UpsertBucket'),
  ],
  ['W&B’s config', { lr: { value: 1 }, _wandb: { value: wandb } }, asked('UpsertBucket', 'config')],
  ['W&B’s files', { ...run, files: ['a'] }, asked('CreateRunFiles')],
  [
    'W&B’s artifact',
    { input: { ...run, projectName: 'p', artifactTypeName: 'x', artifactCollectionName: 'y', digest: 'd' } },
    asked('CreateArtifact'),
  ],
  ['W&B’s artifact by id', { id: 'x' }, asked('ArtifactByID')],
  [
    'W&B’s alert',
    { input: { ...run, projectName: 'p', title: 't', text: 'x', severity: 'INFO' } },
    asked('NotifyScriptableRunAlert'),
  ],
  ['W&B’s resume', run, asked('RunResumeStatus')],
  ['W&B’s runs', { ...run, perPage: 5, cursor: 'c', order: '-created_at', filters: '{}' }, asked('Runs')],
  [
    'W&B’s filters',
    {
      $and: [{ 'config.a.value': { $gt: 1, $in: [1], $nin: [2], $exists: true } }],
      $or: [{ tags: 'x' }],
      name: { $regex: 'x' },
    },
    asked('Runs', 'filters'),
  ],
  ['W&B’s sampled history', { ...run, specs: ['{}'] }, asked('RunSampledHistory')],
  ['W&B’s specs', specs, asked('RunSampledHistory', 'specs')],
  ['W&B’s page of history', { ...run, minStep: 0, maxStep: 9, samples: 5 }, asked('HistoryPage')],
  ['W&B’s whole history', { ...run, samples: 5 }, asked('RunFullHistory')],
  [
    'W&B’s file stream',
    { ...stream('wandb-history.jsonl', '{}'), complete: false, preempting: true },
    post('/files/e/p/w/file_stream'),
  ],
  ['W&B’s history', history, line('wandb-history.jsonl')],
  ['W&B’s machine metrics', history, line('wandb-events.jsonl')],
  ['W&B’s summary', history, line('wandb-summary.json')],
  [
    'trackio',
    kwargs({
      logs: [
        {
          ...trackio,
          config: { _Group: 'g', _Created: '2026-01-01', lr: 1 },
          metrics: {
            loss: 1,
            text: 'x',
            t: media('table', { _value: [row] }),
            traces: [media('trace', { messages: [message], metadata: { a: 1 }, spans: [{ name: 's' }] })],
            note: media('markdown', { _value: 'x' }),
          },
        },
      ],
    }),
    post('/api/bulk_log'),
  ],
  ['trackio’s machines', kwargs({ logs: [{ ...trackio, metrics: { gpu: 1 } }] }), post('/api/bulk_log_system')],
  [
    'trackio’s alerts',
    kwargs({ alerts: [{ ...trackio, title: 't', text: 'x', level: 'info', alert_id: 'a' }] }),
    post('/api/bulk_alert'),
  ],
  [
    'trackio’s files',
    kwargs({ uploads: [{ ...trackio, uploaded_file: { orig_name: 'f' } }] }),
    post('/api/bulk_upload_media'),
  ],
  [
    'trackio’s artifact',
    kwargs({ ...trackio, run_name: 'k', name: 'n', manifest: [{ path: 'x', size: 1 }], aliases: ['a'] }),
    post('/api/artifact_log'),
  ],
  ['trackio’s summary', kwargs({ project: 'p', run: 'k', run_id: 'k' }), post('/api/get_run_summary')],
];

describe('any JSON where a text, a number or a list is expected is taken or refused by name, in', () => {
  it.each(WAYS)('%s', async (_way, good, send) => {
    const bodies = [JSON.stringify(good), ...spoiledEverywhere(good)].values();
    const client = async () => {
      for (const body of bodies) {
        const { status, text } = await send(body);
        expect(status, `${body}\n${text.slice(0, 300)}`).toBeLessThan(500);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  });
});

it('an operation of W&B is known by its own name only', async () => {
  for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__', '__defineGetter__']) {
    const { status, json } = await graphQl(name, run);
    expect([status, json]).toEqual([200, { data: { a: null } }]);
  }
});
