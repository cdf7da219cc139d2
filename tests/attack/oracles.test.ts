import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreUnderTest } from '../conformance/StoreUnderTest';
import { type OurStore, startOurs } from '../conformance/startOurs';

/*
 * Whoever may see the project `a` alone asks for ids that a run of another project has, and for ids that no run has, on
 * every route: the answers are the same to the byte, once the id itself and times are taken out.
 */
const TAKEN = 'taken-by-b';
const FREE = 'vacant-4-a';
const GHOST = 'project-of-b';
const NOWHERE = 'project-nobody';

let ours: OurStore;
let hiddenRow = '';
let hiddenMlflow = '';
const both = ['read', 'write'] as const;

interface Asked {
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

const table = { columns: ['prompt', 'reward', 'groupId'], rows: [['p', 1, 'g']] };
const logged = { entries: [{ step: 1, time: 1, metrics: { 'eval/acc/mean': 0.5 }, tables: { t: table } }] };

beforeAll(async () => {
  ours = await startOurs({
    all: { scopes: [...both], projects: ['*'] },
    'team-a': { scopes: [...both], projects: ['a', 'a-*'] },
  });
  await ask('all', { method: 'PUT', path: `/api/v1/runs/${TAKEN}`, body: { project: GHOST, tags: ['baseline'] } });
  await ask('all', { method: 'POST', path: `/api/v1/runs/${TAKEN}/log`, body: logged });
  await ask('team-a', { method: 'PUT', path: '/api/v1/runs/own', body: { project: 'a' } });
  await ask('team-a', { method: 'POST', path: '/api/v1/runs/own/log', body: logged });
  const page = await ask('all', {
    method: 'POST',
    path: '/api/v1/query/rows',
    body: { runs: [TAKEN], table: 't' },
  });
  hiddenRow = (JSON.parse(page.text) as { rowIds: string[] }).rowIds[0] ?? '';
  const created = await ask('all', {
    method: 'POST',
    path: '/api/2.0/mlflow/runs/create',
    body: { experiment_id: experiment(GHOST), run_name: 'of-mlflow', start_time: 1 },
  });
  hiddenMlflow = (JSON.parse(created.text) as { run: { info: { run_id: string } } }).run.info.run_id;
});
afterAll(() => ours.stop());

async function ask(token: string, { method, path, body, headers }: Asked) {
  const answer = await fetch(ours.url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'x-trackio-write-token': token,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const kept = ['content-type', 'content-disposition', 'allow', 'retry-after'];
  const head = kept.map((name) => `${name}: ${answer.headers.get(name)}`).join('\n');
  return { status: answer.status, head, text: await answer.text() };
}

/** The run that is hidden, but for its size, which is measured now and then. */
async function hidden(): Promise<unknown> {
  const { bytes: _, ...run } = await new StoreUnderTest(ours.url, 'all').ask('run', { id: TAKEN });
  return run;
}

const experiment = (project: string) => `e${Buffer.from(project).toString('base64url')}`;
const post = (path: string, body: unknown): Asked => ({ method: 'POST', path, body });
const get = (path: string): Asked => ({ method: 'GET', path });
const graphQl = (name: string, variables: object): Asked =>
  post('/graphql', { query: `mutation ${name} { x }`, operationName: name, variables });

/** Everything that can be asked about a run by its id, before the asker has one of that id. */
const asked = (id: string): Asked[] => {
  const runs = [id];
  const rows = { runs, table: 't' };
  const mixed = { runs: ['own', id], table: 't' };
  const where = { where: [{ column: 'id', op: 'eq', value: id }] };
  const baselined = { runs: ['own'], table: 't', lenses: true };
  return [
    get(`/api/v1/runs/${id}`),
    { method: 'HEAD', path: `/api/v1/runs/${id}` },
    get(`/api/v1/runs?q=${id}`),
    get(`/api/v1/events?run=${id}`),
    get(`/api/v1/events?run=own,${id}`),
    post('/api/v1/query/runs', where),
    post('/api/v1/query/keys', { runs: where }),
    post('/api/v1/query/keys', { runs }),
    post('/api/v1/query/values', { runs, key: 'id' }),
    post('/api/v1/query/values', { key: 'id', q: id }),
    post('/api/v1/query/metric-list', { runs }),
    post('/api/v1/query/metric-list', { runs: ['own', id] }),
    post('/api/v1/query/table-list', { runs }),
    post('/api/v1/query/metrics', { runs, metrics: ['*'] }),
    post('/api/v1/query/metrics', { runs: ['own', id], metrics: ['*'], groupBy: 'group' }),
    post('/api/v1/query/metrics', { runs: where, metrics: ['*'] }),
    post('/api/v1/query/rows', rows),
    post('/api/v1/query/rows', mixed),
    post('/api/v1/query/rows', { ...mixed, filter: [{ column: 'run', op: 'eq', value: id }] }),
    post('/api/v1/query/distribution', { ...rows, column: 'reward' }),
    post('/api/v1/query/distribution', { ...mixed, column: 'reward' }),
    post('/api/v1/query/facets', { ...rows, columns: ['run'] }),
    post('/api/v1/query/facets', { ...mixed, columns: ['run'], lenses: true }),
    post('/api/v1/query/groups', rows),
    post('/api/v1/query/groups', { runs: ['own'], table: 't', compareTo: { run: id } }),
    post('/api/v1/export', { ...rows, format: 'csv' }),
    post(`/api/v1/runs/${id}/log`, logged),
    post(`/api/v1/runs/${id}/events`, { events: [{ type: 'x', title: 'x' }] }),
    post(`/api/v1/runs/${id}/finish`, {}),
    { method: 'DELETE', path: `/api/v1/runs/${id}` },
    // References to it, and what is compared by them.
    { method: 'PUT', path: '/api/v1/runs/own', body: { project: 'a', baseline: id, parent: { run: id, step: 1 } } },
    get('/api/v1/runs/own'),
    post('/api/v1/query/facets', baselined),
    post('/api/v1/query/rows', { runs: ['own'], table: 't', lens: 'baselineWrong' }),
    // Into a project that may not be written to.
    { method: 'PUT', path: `/api/v1/runs/${id}`, body: { project: GHOST } },
    get(`/metrics?run=${id}`),
    get(`/metrics?run=*/${id}`),
    get(`/opentsdb/api/suggest?type=tagv&q=${id}`),
    post('/opentsdb/api/query', {
      start: 0,
      queries: [{ aggregator: 'sum', metric: 'eval/acc/mean', tags: { run: id } }],
    }),
    post('/opentsdb/api/query', {
      start: 0,
      queries: [{ aggregator: 'none', metric: 'rolloscope_run_info', tags: { run: id } }],
    }),
    get(`/opentsdb/api/search/lookup?m=eval/acc/mean{run=${id}}`),
    graphQl('RunResumeStatus', { project: 'a', name: id }),
    graphQl('CreateRunFiles', { project: 'a', run: id, files: ['x'] }),
    graphQl('NotifyScriptableRunAlert', { input: { projectName: 'a', runName: id, title: 't' } }),
    graphQl('CreateArtifact', { input: { projectName: 'a', runName: id, artifactTypeName: 'model' } }),
    post(`/files/any/a/${id}/file_stream`, { files: {} }),
    post('/api/get_run_summary', { args: [], kwargs: { project: 'a', run: id } }),
    post('/api/get_runs_for_project', { args: [], kwargs: { project: 'a' } }),
    post('/api/2.0/mlflow/runs/search', {
      experiment_ids: [experiment('a')],
      filter: `attributes.run_name = '${id}'`,
    }),
  ];
};

/** Making a run of that id in a project of one's own, by every way in, and what is seen of it. */
const made = (id: string): Asked[] => {
  const mixed = { runs: ['own', id], table: 't' };
  return [
    { method: 'PUT', path: `/api/v1/runs/${id}`, body: { project: 'a', startedAt: 1 } },
    post(`/api/v1/runs/${id}/log`, { batchId: 'one', ...logged }),
    post(`/api/v1/runs/${id}/log`, { batchId: 'one', ...logged }),
    { method: 'PUT', path: `/api/v1/runs/${id}`, body: { project: 'a', tags: ['mine'] } },
    { method: 'PUT', path: `/api/v1/runs/${id}`, body: { project: 'a-2' } },
    ...asked(id).filter(({ method }) => method !== 'DELETE'),
    post('/api/v1/query/rows', { ...mixed, orderBy: [{ column: 'run', direction: 'asc' }] }),
    post('/api/v1/query/rows', { ...mixed, filter: [{ column: 'run', op: 'matches', value: `^${id}$` }] }),
    post('/api/v1/query/rows', { ...mixed, filter: [{ column: 'run', op: 'contains', value: '~' }] }),
    post('/api/v1/query/rows', { ...mixed, filter: [{ column: 'run', op: 'gt', value: id }] }),
    post('/api/v1/query/facets', { ...mixed, columns: ['run'], q: '~' }),
    post('/api/v1/query/metrics', { runs: ['own', id], metrics: ['*'], attempts: 'all' }),
    post('/api/v1/query/runs', { limit: 1, orderBy: [{ column: 'id', direction: 'asc' }] }),
    post('/api/v1/query/runs', { where: [{ column: 'id', op: 'contains', value: '~' }] }),
    post('/api/v1/query/values', { key: 'id' }),
    get('/api/v1/runs'),
    get('/api/v1/projects'),
    get('/metrics'),
    get('/opentsdb/api/suggest?type=tagv&q='),
    graphQl('UpsertBucket', { project: 'a', name: id, config: '{}' }),
    graphQl('CreateRunFiles', { project: 'a', run: id, files: ['media/table/x.table.json'] }),
    post(`/files/any/a/${id}/file_stream`, {
      files: { 'wandb-history.jsonl': { offset: 0, content: ['{"_step":3,"_timestamp":1,"loss":1}'] } },
    }),
    get(`/api/v1/runs/${id}`),
    { method: 'DELETE', path: `/api/v1/runs/${id}` },
    get(`/api/v1/runs/${id}`),
    // The other ways in, each of which makes it anew.
    graphQl('UpsertBucket', { project: 'a', name: id, host: 'h', config: '{}' }),
    get(`/api/v1/runs/${id}`),
    { method: 'DELETE', path: `/api/v1/runs/${id}` },
    post('/api/bulk_log', { args: [], kwargs: { logs: [{ project: 'a', run: id, metrics: { loss: 1 }, step: 0 }] } }),
    post('/api/get_run_summary', { args: [], kwargs: { project: 'a', run: id } }),
    get(`/api/v1/runs/${id}`),
    { method: 'DELETE', path: `/api/v1/runs/${id}` },
    post('/api/2.0/mlflow/runs/create', { experiment_id: experiment('a'), run_name: id, start_time: 5 }),
    get(`/api/v1/runs/${id}`),
    { method: 'DELETE', path: `/api/v1/runs/${id}` },
  ];
};

const asProject = (project: string): Asked[] => [
  get(`/api/v1/runs?project=${project}`),
  get('/api/v1/projects'),
  post('/api/v1/query/values', { key: 'project', q: project }),
  { method: 'PUT', path: '/api/v1/runs/fresh', body: { project } },
  { method: 'PUT', path: '/api/v1/runs/own', body: { project } },
  get(`/api/2.0/mlflow/experiments/get-by-name?experiment_name=${project}`),
  get(`/api/2.0/mlflow/experiments/get?experiment_id=${experiment(project)}`),
  post('/api/2.0/mlflow/experiments/create', { name: project }),
  post('/api/2.0/mlflow/experiments/search', {}),
  post('/api/2.0/mlflow/runs/search', { experiment_ids: [experiment(project)] }),
  post('/api/2.0/mlflow/runs/create', { experiment_id: experiment(project), run_name: 'of-mlflow', start_time: 1 }),
  graphQl('UpsertBucket', { project, name: TAKEN }),
  graphQl('RunResumeStatus', { project, name: TAKEN }),
  graphQl('CreateRunFiles', { project, run: TAKEN, files: ['x'] }),
  graphQl('CreateArtifact', { input: { projectName: project, runName: TAKEN, artifactTypeName: 'model' } }),
  graphQl('NotifyScriptableRunAlert', { input: { projectName: project, runName: TAKEN, title: 't' } }),
  post(`/files/any/${project}/${TAKEN}/file_stream`, { files: {} }),
  post('/api/get_runs_for_project', { args: [], kwargs: { project } }),
  post('/api/get_run_summary', { args: [], kwargs: { project, run: TAKEN } }),
  post('/api/bulk_log', { args: [], kwargs: { logs: [{ project, run: TAKEN, metrics: { loss: 1 } }] } }),
  post('/api/bulk_alert', { args: [], kwargs: { alerts: [{ project, run: TAKEN, title: 'x' }] } }),
  post('/api/bulk_upload_media', { args: [], kwargs: { uploads: [{ project, uploaded_file: {} }] } }),
  get(`/metrics?run=${project}/*`),
  get(`/opentsdb/api/suggest?type=tagv&q=${project}`),
  post('/opentsdb/api/query', {
    start: 0,
    queries: [{ aggregator: 'sum', metric: 'eval/acc/mean', tags: { project } }],
  }),
];

const ofMlflow = (run: string): Asked[] => [
  get(`/api/2.0/mlflow/runs/get?run_id=${run}`),
  get(`/api/2.0/mlflow/metrics/get-history?run_id=${run}&metric_key=loss`),
  get(`/api/2.0/mlflow-artifacts/artifacts?path=${run}`),
  { method: 'PUT', path: `/api/2.0/mlflow-artifacts/artifacts/${run}/x.json`, body: {} },
  post('/api/2.0/mlflow/runs/update', { run_id: run, status: 'FINISHED' }),
  post('/api/2.0/mlflow/runs/log-batch', { run_id: run, metrics: [] }),
  post('/api/2.0/mlflow/runs/log-metric', { run_id: run, key: 'loss', value: 1, timestamp: 1 }),
  post('/api/2.0/mlflow/runs/log-inputs', { run_id: run }),
  post('/api/2.0/mlflow/runs/delete-tag', { run_id: run, key: 'x' }),
  post('/api/2.0/mlflow/runs/create', {
    experiment_id: experiment('a'),
    run_name: 'child',
    start_time: 9,
    tags: [{ key: 'mlflow.parentRunId', value: run }],
  }),
  get('/api/v1/runs/child'),
  { method: 'DELETE', path: '/api/v1/runs/child' },
  // A run that calls itself what another one is called there.
  { method: 'PUT', path: '/api/v1/runs/posing', body: { project: 'a', config: { 'mlflow.runId': run } } },
  post('/api/2.0/mlflow/runs/log-metric', { run_id: run, key: 'posed', value: 1, timestamp: 1 }),
  get(`/api/2.0/mlflow/runs/get?run_id=${run}`),
  { method: 'DELETE', path: '/api/v1/runs/posing' },
];

/** What is different each time, whoever asks. */
function normalised(text: string, id: string): string {
  return text
    .replace(/\/wandb\/uploads\/([\w-]+)\.[\w-]+/g, (_, payload: string) => decoded(payload))
    .replace(/"nextCursor":"([\w-]+)"/g, (_, cursor: string) => decoded(cursor))
    .replace(/"(WyJ[\w-]+)"/g, (_, artifact: string) => decoded(artifact))
    .replaceAll(experiment(id), 'EXPERIMENT')
    .replaceAll(id, 'ID')
    .replace(/,"bytes":\d+/g, '')
    .replace(/"(by|runKey)":"[\w-]+"/g, '"$1":"…"')
    .replace(/"asOf":"[^"]+"/g, '"asOf":"…"')
    .replace(/[0-9a-f]{12}-[0-9a-z]{1,3}/g, 'ROW')
    .replace(/[0-9a-f]{32}/g, 'MLFLOW')
    .replace(/run-[0-9a-f]{8}/g, 'NAME')
    .replace(/\d{13}-\d-[0-9a-z]+/g, 'EVENT')
    .replace(/\b1\d{12}(\.\d+)?\b|\b1\d{9}\.\d+\b/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/"path":"\/exports\/[\w-]+"/g, 'EXPORT')
    .replace(/"number":\d+/g, '"number":0')
    .replace(/^(process|rolloscope_store_(?!runs|live)).*$/gm, '');
}

const decoded = (base64: string) => Buffer.from(base64, 'base64url').toString();

async function answers(requests: readonly Asked[], id: string) {
  const all: string[] = [];
  for (const request of requests) {
    const { status, head, text } = await ask('team-a', request);
    const what = `${request.method} ${request.path} ${JSON.stringify(request.body) ?? ''}`;
    expect(text, what).not.toMatch(/~[0-9a-f]{12}/);
    expect(status, `${what} ${text}`).toBeLessThan(500);
    all.push(normalised(`${what}\n${status}\n${head}\n${text}`, id));
  }
  return all;
}

/** The requests give one's own run another baseline, which its later answers tell. */
const resetBaseline = () =>
  ask('team-a', { method: 'PUT', path: '/api/v1/runs/own', body: { project: 'a', baseline: 'own' } });

async function expectSame(requests: (id: string) => Asked[], taken: string, missing: string) {
  await resetBaseline();
  const ofHidden = await answers(requests(taken), taken);
  await resetBaseline();
  const ofMissing = await answers(requests(missing), missing);
  expect(ofHidden).toEqual(ofMissing);
  return ofHidden;
}

describe('the same is answered whether or not it exists where one may not look', () => {
  it('a run, by its id, on every route', async () => {
    const before = await hidden();
    await expectSame(asked, TAKEN, FREE);
    expect(await hidden()).toEqual(before);
  });

  it('a run that one makes under that id, by every way in, and all that is seen of it', async () => {
    const before = await hidden();
    const told = await expectSame(made, TAKEN, FREE);
    // The sequence did what it says: made, taken, refused for another project of one's own, gone.
    expect(told.slice(0, 5).map((one) => one.split('\n')[1])).toEqual(['200', '200', '200', '200', '409']);
    expect(told.filter((one) => one.startsWith('DELETE')).map((one) => one.split('\n')[1])).toEqual(
      Array(4).fill('200'),
    );
    expect(await hidden()).toEqual(before);
  });

  it('a project', () => expectSame(asProject, GHOST, NOWHERE));

  it('a run of MLflow, by the id that it has there', () => expectSame(ofMlflow, hiddenMlflow, 'f'.repeat(32)));

  it('a row, an export, a progress', async () => {
    const missing = hiddenRow.replace(/-\w+$/, '-zzzz');
    await expectSame((id) => [get(`/api/v1/rows/${id}`)], hiddenRow, missing);
    const created = await ask('all', post('/api/v1/export', { runs: [TAKEN], table: 't', format: 'csv' }));
    const ticket = (JSON.parse(created.text) as { path: string }).path.split('/').at(-1) ?? '';
    await expectSame((id) => [get(`/api/v1/exports/${id}`)], ticket, 'x'.repeat(ticket.length));
  });
});

it("an export of one's own run of that id has it under that id", async () => {
  await ask('team-a', { method: 'PUT', path: `/api/v1/runs/${TAKEN}`, body: { project: 'a' } });
  await ask('team-a', post(`/api/v1/runs/${TAKEN}/log`, logged));
  const created = await ask('team-a', post('/api/v1/export', { runs: [TAKEN], table: 't', format: 'csv' }));
  const { text } = await ask('team-a', get(`/api/v1${(JSON.parse(created.text) as { path: string }).path}`));
  expect(text.split('\r\n')[1]).toMatch(new RegExp(`^${TAKEN},1,1,p,1,g`));
});
