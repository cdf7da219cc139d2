import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DataFrame, dateTime, LoadingState } from '@grafana/data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAdHoc } from '../../src/datasource/adHoc/adHocFilter';
import { tagKeys, tagValues } from '../../src/datasource/adHoc/tagChoices';
import { checkHealth } from '../../src/datasource/checkHealth';
import { listChoices } from '../../src/datasource/choices/listChoices';
import { StoreClient } from '../../src/datasource/http/StoreClient';
import { Known } from '../../src/datasource/known/Known';
import { LastGood } from '../../src/datasource/LastGood';
import { migrate } from '../../src/datasource/migrate';
import { Targets } from '../../src/datasource/run/Targets';
import { fillVariable, migrateVariable } from '../../src/datasource/variables/variableQuery';
import { type Server as Store, startStore } from '../browser/harness';
import { throughFetch } from './throughFetch';

/** The data source's queries, answered by a real store. */
const START = Date.UTC(2026, 0, 5, 12);
const ODD = 'run "b", {c}';

let store: Store;
let client: StoreClient;

async function send(method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${await answer.text()}`);
  }
}

beforeAll(async () => {
  store = await startStore();
  client = new StoreClient(store.url, throughFetch);
  await send('PUT', '/runs/a', {
    project: 'p',
    name: 'base',
    group: 'job',
    tags: ['x'],
    config: { lr: 1e-6, seed: 1 },
    resources: [{ host: 'gpu-1', pod: 'pod-1', slurmJob: '4711' }, { host: 'gpu-2' }],
  });
  await send('PUT', `/runs/${encodeURIComponent(ODD)}`, {
    project: 'p',
    name: 'new',
    baseline: 'a',
    config: { lr: 1e-5, seed: 1 },
  });
  const entries = (every: number) =>
    [1, 2, 3, 4].map((i) => ({
      step: i * every,
      time: START + i * 60_000,
      metrics: { 'eval/accuracy/mean': i === 3 ? 'NaN' : i / 10, tokens: i * 1000 },
      tables: {
        rollouts: {
          columns: ['prompt', 'reward'],
          rows: [
            ['q', i / 10],
            ['r', -i / 10],
          ],
        },
      },
    }));
  await send('POST', '/runs/a/log', { entries: entries(10) });
  await send('POST', `/runs/${encodeURIComponent(ODD)}/log`, { entries: entries(5) });
  await send('POST', '/runs/a/finish', {});
});

afterAll(() => store.stop());

const range = { from: dateTime(START - 1), to: dateTime(START + 3_600_000), raw: { from: 'now-1h', to: 'now' } };

function ask(queries: object[], over: { url?: string; from?: number; last?: LastGood } = {}) {
  const targets = queries.map((query, i) => migrate({ refId: 'ABC'[i] ?? 'Z', version: 1, ...query } as never));
  const used = over.url ? new StoreClient(over.url, throughFetch) : client;
  const from = over.from ?? START - 1;
  const shown = { ...range, from: dateTime(from), to: dateTime(from + 3_600_000) };
  const context = { client: used, known: new Known(used), uid: 'u', range: shown, maxDataPoints: 500 };
  return new Targets(targets, context, over.last ?? new LastGood()).begin();
}

const metrics = (partial: object = {}) => ({
  queryType: 'metrics',
  runs: { by: 'id', ids: ['a', ODD] },
  metrics: ['eval/accuracy/mean'],
  x: { by: 'step' },
  ...partial,
});

/** Of the two NaN that the runs logged. */
const ODD_POINT = '2 points are no finite number: eval/accuracy/mean was NaN at step 30 first.';

const columnsOf = (frame: DataFrame | undefined) =>
  Object.fromEntries(
    (frame?.fields ?? []).map((field) => [field.config.displayNameFromDS ?? field.name, field.values]),
  );
const noticesOf = (frame: DataFrame | undefined) => frame?.meta?.notices?.map(({ text }) => text) ?? [];

describe('metrics', () => {
  it('by step are one frame over all steps, with gaps, named by what differs, the baseline dashed', async () => {
    const { data, errors, state } = await ask([metrics()]);
    expect(errors).toBeUndefined();
    expect(state).toBe(LoadingState.Done);
    expect(data).toHaveLength(1);
    expect(columnsOf(data[0])).toEqual({
      Step: [5, 10, 15, 20, 30, 40],
      base: [undefined, 0.1, undefined, 0.2, null, 0.4],
      new: [0.1, 0.2, null, 0.4, undefined, undefined],
      'base not finite': [null, null, null, null, 0.2, null],
      'new not finite': [null, null, 0.2, null, null, null],
    });
    const [, base, other] = data[0].fields;
    expect(base.config.custom.lineStyle).toMatchObject({ fill: 'dash' });
    expect(other.config.custom.lineStyle).toBeUndefined();
    expect(other.labels).toEqual({ project: 'p', run: ODD, metric: 'eval/accuracy/mean' });
    expect(JSON.parse(data[0].meta.executedQueryString)).toMatchObject({ x: 'step', runs: ['a', ODD] });
  });

  it('of one run are named by the metric', async () => {
    const { data } = await ask([metrics({ runs: 'a', metrics: ['*'] })]);
    expect(Object.keys(columnsOf(data[0]))).toEqual([
      'Step',
      'eval/accuracy/mean',
      'tokens',
      'eval/accuracy/mean not finite',
    ]);
  });

  it('by time are a frame a series, each with its step', async () => {
    const { data } = await ask([metrics({ x: { by: 'time' } })]);
    expect(data.map((frame: DataFrame) => frame.name)).toEqual(['base', 'new', 'base not finite', 'new not finite']);
    expect(columnsOf(data[0])).toMatchObject({
      Time: [1, 2, 3, 4].map((i) => START + i * 60_000),
      // Texts: Grafana takes no figure for one.
      Step: ['10', '20', '30', '40'],
    });
    expect(noticesOf(data[0])).toEqual([ODD_POINT]);
  });

  it('by time come although they lie outside the range, and say when they were', async () => {
    const { data, errors } = await ask([metrics({ x: { by: 'time' } })], { from: START + 86_400_000 });
    expect(errors).toBeUndefined();
    expect(columnsOf(data[0]).Time).toHaveLength(4);
    expect(noticesOf(data[0])).toEqual([expect.stringMatching(/^Ran .*Jan 5.*outside this time range\.$/), ODD_POINT]);
  });

  it('by another metric are a frame a series over its values', async () => {
    const { data } = await ask([metrics({ x: { by: 'metric', metric: 'tokens' } })]);
    expect(columnsOf(data[1]).tokens).toEqual([1000, 2000, 3000, 4000]);
  });

  it('that are not there say what is missing, and are no error', async () => {
    const { data, errors } = await ask([
      metrics({ metrics: ['eval/accuracy/mean', 'nope'] }),
      metrics({ metrics: ['nope'] }),
    ]);
    // What one name did not find another may have.
    expect(noticesOf(data[0])).toEqual([ODD_POINT]);
    expect(data[1]).toMatchObject({ refId: 'B', length: 0 });
    expect(noticesOf(data[1])).toEqual([expect.stringContaining('nope')]);
    expect(errors).toBeUndefined();
  });
});

describe('rows', () => {
  const rows = (partial: object = {}) => ({
    queryType: 'rows',
    runs: { by: 'id', ids: ['a'] },
    table: 'rollouts',
    rows: 'all',
    ...partial,
  });

  it('are one frame that the panel can ask again from', async () => {
    const { data } = await ask([rows({ rows: 'latest' })]);
    const columns = columnsOf(data[0]);
    expect(columns).toMatchObject({ step: [40, 40], prompt: ['q', 'r'], reward: [0.4, -0.4] });
    expect(Object.keys(columns).at(-1)).toBe('rowId');
    const { rolloscope } = data[0].meta.custom;
    expect(rolloscope).toMatchObject({ uid: 'u', label: 'runs.summary["rollouts"]', total: 2 });
    expect(data[0].meta.uniqueRowIdFields).toEqual([data[0].fields.length - 1]);
    const again = await client.ask('queryRows', { body: rolloscope.request });
    expect(again.rowIds).toEqual(columns.rowId);
  });

  it('are filtered, ordered, and of the steps asked for', async () => {
    const filter = [{ column: 'reward', op: 'gt', value: 0 }];
    const orderBy = [{ column: 'reward', direction: 'desc' }];
    const { data } = await ask([rows({ step: '10, 30, 40', filter, orderBy, limit: 2, columns: ['step', 'reward'] })]);
    expect(columnsOf(data[0])).toMatchObject({ step: [40, 30], reward: [0.4, 0.3] });
    expect(data[0].meta.custom.rolloscope).toMatchObject({ total: 3, label: 'runs.history["rollouts"]' });
    expect(noticesOf(data[0])).toEqual([expect.stringContaining('2 of 3 rows')]);
  });

  it.each([
    ['~26', 30, ['Step 30, the nearest to 26']],
    ['~25', 20, ['Step 20, the nearest to 25']],
    ['~30', 30, []],
    ['~1000', 40, ['Step 40, the nearest to 1000']],
    ['~-7', 10, ['Step 10, the nearest to -7']],
  ])('of the step nearest to "%s" say which it is', async (step, expected, said) => {
    const { data } = await ask([rows({ rows: 'latest', step, columns: ['step'] })]);
    expect(columnsOf(data[0]).step).toEqual([expected, expected]);
    expect(noticesOf(data[0])).toEqual(said);
    const { notice, request } = data[0].meta.custom.rolloscope;
    expect([notice, request.steps]).toEqual([said[0], { from: expected, to: expected }]);
  });

  it('nearest to nothing are the latest', async () => {
    const { data } = await ask([rows({ rows: 'latest', step: '~' })]);
    expect(columnsOf(data[0])).toMatchObject({ step: [40, 40] });
  });

  it('of the nearest step are grouped alike', async () => {
    const { data } = await ask([{ ...rows({ step: '~26' }), queryType: 'groups' }]);
    expect(columnsOf(data[0])['Last step']).toEqual([30, 30]);
    expect(noticesOf(data[0])).toEqual(['Step 30, the nearest to 26']);
  });

  it('of a step that is none are an error that says how to write one', async () => {
    const { errors } = await ask([rows({ step: 'soon' })]);
    expect(errors).toEqual([{ refId: 'A', message: expect.stringContaining('"soon" is no step') }]);
  });
});

describe('runs', () => {
  it('are a table with what differs', async () => {
    const { data } = await ask([{ queryType: 'runs', runs: { by: 'filter', project: 'p' }, metrics: ['tokens'] }]);
    const columns = columnsOf(data[0]);
    expect(columns.name).toEqual(expect.arrayContaining(['base', 'new']));
    const at = columns.name?.indexOf('base') ?? -1;
    expect(columns['differs in']?.[at]).toMatch(/^lr=/);
    expect(columns.tokens).toEqual([4000, 4000]);
    expect(columns.state?.[at]).toBe('finished');
  });

  it('have a status', async () => {
    const { data } = await ask([{ queryType: 'status', runs: 'a' }]);
    expect(columnsOf(data[0])).toMatchObject({ State: ['finished'], Step: [40], 'Against best': [0] });
  });

  it('have events; of a run that is not there none, and no error', async () => {
    const now = Date.now() - 60_000;
    const { data } = await ask([{ queryType: 'events', runs: { by: 'filter', tag: 'x' } }], { from: now });
    expect(columnsOf(data[0]).tags).toEqual(expect.arrayContaining([['finish', 'base']]));
    expect(new Set(columnsOf(data[0]).run)).toEqual(new Set(['a']));
    const gone = await ask([{ queryType: 'events', runs: 'gone' }], { from: now });
    expect(gone.errors).toBeUndefined();
    expect(gone.data).toEqual([]);
  });
});

describe('ad hoc filters', () => {
  const filtered = async (queryType: string, key: string, operator: string, value: string) => {
    const query = { queryType, runs: { by: 'id', ids: ['a', ODD] }, table: 'rollouts', metrics: ['tokens'] };
    const narrowed = withAdHoc(migrate({ refId: 'A', ...query } as never), [{ key, operator, value }]);
    return (await ask([narrowed])).data;
  };

  it.each(['metrics', 'rows', 'groups', 'runs', 'compare', 'status'])('narrow %s', async (queryType) => {
    const all = JSON.stringify(await filtered(queryType, 'state', '!=', 'none'));
    const one = JSON.stringify(await filtered(queryType, 'lr', '=', '1e-6'));
    expect(one).not.toBe(all);
    expect(await filtered(queryType, 'tag', '=', 'none')).toSatisfy((frames: DataFrame[]) =>
      frames.every(({ length }) => length === 0),
    );
  });

  it('offer keys and values of the runs that the other filters leave', async () => {
    expect(await tagKeys(client, [])).toEqual(
      expect.arrayContaining([
        { text: 'lr', value: 'config.lr', group: 'Config' },
        { text: 'tag', value: 'tag', group: 'Run' },
        { text: 'resources.host', value: 'resources.host', group: 'Ran on' },
      ]),
    );
    expect((await tagValues(client, 'lr', [])).map(({ value }) => value)).toHaveLength(2);
    expect(await tagValues(client, 'lr', [{ key: 'tag', operator: '=', value: 'x' }])).toEqual([
      { text: '0.000001', value: '0.000001' },
    ]);
    expect(await tagKeys(client, [{ key: 'tag', operator: '=', value: 'none' }])).toEqual([]);
  });
});

describe('variables', () => {
  /** Values of the dashboard's other variables, and what a person typed into the list. */
  const templates = (filled: Record<string, string | string[]>) => ({
    replace: (text = '', _scoped?: unknown, format?: unknown) =>
      text.replace(/\$(\w+)/g, (whole, name: string) => {
        const value = filled[name];
        return value === undefined ? whole : (format as (value: unknown) => string)(value);
      }),
  });
  const options = (query: object, filled: Record<string, string | string[]> = {}) =>
    listChoices(client, fillVariable(migrateVariable({ refId: 'v', ...query } as never), templates(filled) as never));
  const values = async (query: object, filled?: Record<string, string | string[]>) =>
    (await options(query, filled)).map(({ value }) => value);

  it('list runs by name, the running one first', async () => {
    expect(await options({ kind: 'runs', project: ['p'] })).toEqual([
      { value: ODD, label: 'new', about: 'running, step 20' },
      { value: 'a', label: 'base', about: 'finished, step 40' },
    ]);
    expect(await values({ kind: 'runs', tag: ['x', 'y'] })).toEqual(['a']);
    const orderBy = [{ column: 'lastStep', direction: 'desc' }];
    expect(await values({ kind: 'runs', runs: { by: 'filter', orderBy } })).toEqual(['a', ODD]);
    expect(await values({ kind: 'runs', runs: { by: 'filter', orderBy, limit: 1 } })).toEqual(['a']);
    expect(
      await values({ kind: 'runs', runs: { by: 'filter', where: [{ column: 'config.lr', op: 'eq', value: '1e-6' }] } }),
    ).toEqual(['a']);
  });

  it('list what is in the runs', async () => {
    expect(await values({ kind: 'projects' })).toEqual(['p']);
    expect(await values({ kind: 'metrics', run: ['a'], glob: 'eval/*/mean' })).toEqual(['eval/accuracy/mean']);
    expect(await values({ kind: 'metrics', run: [ODD] })).toEqual(['eval/accuracy/mean', 'tokens']);
    expect(await values({ kind: 'prefixes' })).toEqual(['eval', 'tokens']);
    expect(await values({ kind: 'tables' })).toEqual(['rollouts']);
    expect(await values({ kind: 'columns' })).toEqual(expect.arrayContaining(['prompt', 'reward', 'step']));
    expect(await values({ kind: 'tasks' })).toEqual([]);
    expect(await values({ kind: 'steps', run: ['a'], table: 'rollouts' })).toEqual(['40', '30', '20', '10']);
    expect(await values({ kind: 'steps', run: ['a'] })).toEqual(['40', '30', '20', '10']);
    expect(await values({ kind: 'keys' })).toEqual(expect.arrayContaining(['config.lr', 'state']));
    expect(await values({ kind: 'values', key: 'config.lr' })).toEqual(expect.arrayContaining(['0.000001', '0.00001']));
    expect(await values({ kind: 'tags' })).toEqual(['x']);
    expect(await values({ kind: 'groups' })).toEqual(['job']);
    expect(await values({ kind: 'hosts', run: ['a'] })).toEqual(['gpu-1', 'gpu-2']);
    expect(await values({ kind: 'pods', run: ['a'] })).toEqual(['pod-1']);
    expect(await values({ kind: 'jobs', run: [ODD] })).toEqual([]);
    expect(await values({ kind: 'jobs', run: ['a'] })).toEqual(['4711']);
    expect(await values({ kind: 'events' })).toEqual(expect.arrayContaining(['start', 'finish']));
  });

  it('follow other variables, of several values too', async () => {
    const runs = { by: 'id', ids: ['$run'] };
    expect(await values({ kind: 'hosts', runs }, { run: ['a', ODD] })).toEqual(['gpu-1', 'gpu-2']);
    expect(await values({ kind: 'metrics', runs, glob: '$glob' }, { run: 'a', glob: 'tok*' })).toEqual(['tokens']);
  });

  it('search in the store for what one types', async () => {
    const q = '$__searchFilter';
    expect(await values({ kind: 'metrics', q }, { __searchFilter: 'TOK' })).toEqual(['tokens']);
    expect(await values({ kind: 'runs', q }, { __searchFilter: 'bas' })).toEqual(['a']);
    expect(await values({ kind: 'tables', q }, { __searchFilter: 'nothing' })).toEqual([]);
    expect(await values({ kind: 'tables', q })).toEqual(['rollouts']);
  });
});

describe('a store that is away or wrong', () => {
  /** Answers everything in one way. */
  async function wrongStore(status: number, body: string): Promise<{ url: string; server: Server }> {
    const server = createServer((_, answer) => answer.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
  }

  it.each([
    [200, '<!doctype html><title>Login</title>', /web page/],
    [200, '{"series":[{"ru', /not arrive whole/],
    [200, '{"status":"success","data":{}}', /not a run store/],
    [400, 'Authentication to data source failed', /token/],
    [400, 'Client sent an HTTP request to an HTTPS server.', /https:\/\//],
    [400, '<h1>The plain HTTP request was sent to HTTPS port</h1>', /https:\/\//],
    [500, 'oops', /500/],
    [502, 'Bad Gateway', /does not answer/],
  ])('%i %s is one sentence, in a panel and in the health check', async (status, body, text) => {
    const { url, server } = await wrongStore(status, body);
    const { data, errors } = await ask([metrics()], { url });
    // In the panel itself, too: a chart without a frame would say that the run has logged nothing.
    expect(data).toMatchObject([{ length: 0, fields: [{ name: 'Step' }, { name: expect.stringMatching(text) }] }]);
    const { data: figures } = await ask([{ queryType: 'status', runs: 'a' }], { url });
    expect(columnsOf(figures[0])).toMatchObject({ State: ['unknown'], 'Against best': [null] });
    expect(errors).toMatchObject([{ refId: 'A', message: expect.stringMatching(text) }]);
    const health = await checkHealth(new StoreClient(url, throughFetch));
    expect(health.status).toBe('error');
    expect(health.message).toMatch(text);
    server.close();
  });

  it('leaves the last data in place', async () => {
    const last = new LastGood();
    const before = await ask([metrics()], { last });
    const { url, server } = await wrongStore(502, 'Bad Gateway');
    const during = await ask([metrics()], { url, last });
    expect(columnsOf(during.data[0])).toEqual(columnsOf(before.data[0]));
    expect(noticesOf(during.data[0])).toEqual([ODD_POINT, expect.stringContaining('does not answer')]);
    expect(during.state).toBe(LoadingState.Error);
    server.close();
  });

  it.each([
    ['route_not_found', 'No such path: /store/api/v1/health. /api/v1/openapi.json lists all.', 'take /store off'],
    ['not_allowed', 'The token does not allow to read; it allows to write.', 'scope read'],
  ])('that says %s is said what to change', async (code, message, advice) => {
    const { url, server } = await wrongStore(404, JSON.stringify({ error: { code, message } }));
    expect((await checkHealth(new StoreClient(url, throughFetch))).message).toContain(advice);
    server.close();
  });

  it('is found to be of another version', async () => {
    const { url, server } = await wrongStore(200, '{"apiVersion":2,"version":"9"}');
    expect((await checkHealth(new StoreClient(url, throughFetch))).message).toContain('version 2 of the API');
    server.close();
  });

  it('is told from one that answers', async () => {
    const { status, message } = await checkHealth(client);
    expect(status).toBe('success');
    expect(message).toMatch(/^Connected to run store .+: 1 project, 2 runs\.$/);
  });
});
