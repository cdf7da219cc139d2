import { connect } from 'node:net';
import { ROUTES, type Route, type RouteName } from '@rolloscope/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spoiled } from '../attack/requests/spoiled';
import { expectError, StoreUnderTest } from './StoreUnderTest';
import { type OurStore, startOurs } from './startOurs';

let ours: OurStore;
let store: StoreUnderTest;

beforeAll(async () => {
  ours = await startOurs();
  store = new StoreUnderTest(ours.url);
  await store.ask('putRun', { id: 'r', body: { project: 'p' } });
  const table = {
    columns: ['prompt', 'response', 'reward', 'j'],
    rows: [
      ['a', 'b', 1, {}],
      ['a', 'c', 'NaN', []],
    ],
  };
  await store.ask('log', {
    id: 'r',
    body: { entries: [{ step: 1, metrics: { m: 1, n: 'NaN' }, tables: { t: table } }] },
  });
});
afterAll(async () => {
  await ours.stop();
});

/** Since the last call that emptied the log. */
const faults = () => ours.logged.filter(({ event }) => event === 'fault');

/** Values that schemas and what lies behind them trip over. */
const oddity = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -0,
    -1,
    1.5,
    1e300,
    2 ** 53,
    '',
    '5',
    'r',
    't',
    'm',
    '*',
    '(',
    '\\',
    '\u0000',
    'reward',
  ),
  fc.constantFrom<unknown>(
    '__proto__',
    'constructor',
    'asc',
    'csv',
    "'",
    '"',
    '%',
    '\ud800',
    [],
    {},
    [[]],
    ['r'],
    [null],
  ),
  fc.jsonValue(),
);

const rows = {
  runs: ['r'],
  table: 't',
  version: 'all',
  steps: { from: 0, to: 5 },
  times: { from: 0 },
  filter: [{ column: 'reward', op: 'ge', value: 0 }, { anyOf: [{ column: 'prompt', op: 'in', value: ['a'] }] }],
  search: { text: 'a', mode: 'plain', case: false, columns: ['prompt'] },
  lens: 'worst',
  roles: { reward: 'reward', prompt: null },
};
const where = {
  where: [{ column: 'config.lr', op: 'lt', value: 1 }],
  orderBy: [{ column: 'summary.m', direction: 'asc' }],
};
const GOOD: Partial<Record<RouteName, object>> = {
  queryRuns: { ...where, q: 'r', include: ['config'], limit: 5 },
  queryKeys: { runs: where, q: 'a', limit: 5 },
  queryValues: { key: 'config.lr', runs: ['r'] },
  queryMetricList: { runs: ['r'], q: 'm' },
  queryTableList: { runs: where },
  queryMetrics: {
    runs: ['r'],
    metrics: ['m', 'n*'],
    x: 'step',
    steps: { from: 0 },
    maxPoints: 10,
    reduce: 'mean',
    groupBy: 'group',
  },
  queryRows: {
    ...rows,
    orderBy: [{ column: 'reward', direction: 'desc' }],
    offset: 0,
    limit: 5,
    columns: ['reward'],
    preview: 3,
    groupSpread: true,
  },
  queryDistribution: { ...rows, column: 'reward', by: 'reward', bins: 5, byBins: 5 },
  queryGroups: { ...rows, compareTo: { run: 'r', step: 1 }, orderBy: { by: 'mean', direction: 'asc' }, limit: 5 },
  queryFacets: { ...rows, columns: ['reward', 'run'], values: 5, q: '1', lenses: true },
  createExport: { ...rows, orderBy: [{ column: 'step', direction: 'asc' }], columns: ['j', 'reward'], format: 'csv' },
  putRun: {
    project: 'p',
    name: 'n',
    tags: ['x'],
    config: { a: { b: 1 } },
    parent: { run: 'r', step: 1 },
    resources: [{ host: 'h' }],
  },
  log: {
    batchId: 'b',
    entries: [{ step: 1, time: 5, metrics: { m: 1 }, tables: { t: { columns: ['a'], rows: [[1]] } } }],
  },
  logEvents: { events: [{ id: 'e', type: 't', time: 5, step: 1, title: 'x', values: { a: 1 } }] },
  finish: { state: 'failed' },
};

describe('bodies that were spoiled at random', () => {
  it.each(Object.entries(GOOD) as [RouteName, object][])(
    '%s answers each in its shape, without a fault',
    async (name, good) => {
      await fc.assert(
        fc.asyncProperty(spoiled(good, oddity), async (body) => {
          ours.logged.length = 0;
          const id = ROUTES[name].scope === 'write' && name !== 'putRun' ? 'fuzzed' : 'r2';
          if (name === 'log') {
            await store.ask('putRun', { id, body: { project: 'p' } });
          }
          const response = await store.send(name, { id, body });
          if (response.status === 200) {
            await response.arrayBuffer();
          } else {
            await expectError(response, ROUTES_CODES(name), `${name} ${JSON.stringify(body)}`);
          }
          expect(faults(), JSON.stringify(body)).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('leaves what was there as it was', async () => {
    const page = await store.ask('queryRows', { body: { runs: ['r'], table: 't', columns: ['reward', 'j'] } });
    expect(page.rows).toEqual([
      [1, {}],
      ['NaN', []],
    ]);
  });
});

const ROUTES_CODES = (name: RouteName) => [...(ROUTES[name] as Route).errors, 'invalid_request' as const];

describe('bytes that are no good request', () => {
  function raw(bytes: string, wait = 400): Promise<string> {
    return new Promise((resolve) => {
      const { port } = new URL(ours.url);
      const socket = connect(Number(port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(text));
      socket.write(bytes);
      setTimeout(() => socket.destroy(), wait);
    });
  }
  const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;
  const code = (text: string) => /"code":"(\w+)"/.exec(text)?.[1];

  it('are answered in our shape', async () => {
    expect(code(await raw('what is this\r\n\r\n'))).toBe('invalid_request');
    expect(code(await raw(head('GET /api/v1/health HTTP/1.1', 'Host: localhost', `X: ${'a'.repeat(70_000)}`)))).toBe(
      'limit_exceeded',
    );
    expect(code(await raw(head('GET /api/v1/runs/%zz HTTP/1.1', 'Host: localhost')))).toBe('invalid_request');
    expect(code(await raw(head('GET /api/v1/runs?q=%ff HTTP/1.1', 'Host: localhost')))).toBe('invalid_request');
    expect(code(await raw(head('PROPFIND /api/v1/runs HTTP/1.1', 'Host: localhost')))).toBe('method_not_allowed');
    // Of a method that nothing here has, but that adapters answer for, too.
    const query = await raw(head('QUERY /api/2.0/mlflow/runs/get HTTP/1.1', 'Host: localhost'));
    expect(query).toMatch(/^HTTP\/1\.1 400 .*INVALID_PARAMETER_VALUE/s);
    expect(code(await raw(head('GET /api/v1/runs/.. HTTP/1.1', 'Host: localhost')))).toBe('run_not_found');
    expect(code(await raw(head('GET /api/v1/runs HTTP/1.1', 'Host: evil.example')))).toBe('not_allowed');
  });

  it('are refused before the body is sent, where the client waits for that', async () => {
    const post = (...lines: string[]) =>
      head('POST /api/v1/runs/r/log HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...lines);
    const large = await raw(post('Content-Length: 99999999', 'Expect: 100-continue'));
    expect(large).not.toContain('100 Continue');
    expect(code(large)).toBe('body_too_large');
    expect(await raw(`${post('Content-Length: 14', 'Expect: 100-continue')}{"entries":[]}`)).toMatch(
      /^HTTP\/1\.1 100 Continue.*HTTP\/1\.1 200 OK/s,
    );
  });

  it('do not use the connection up: the next request on it is answered', async () => {
    const bad = '{"entries": [{"step": "5"}]}';
    const text = await raw(
      `${head('POST /api/v1/runs/r/log HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', `Content-Length: ${bad.length}`)}${bad}${head('GET /api/v1/health HTTP/1.1', 'Host: localhost')}`,
    );
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 200']);
  });

  it('store nothing when they end in the middle', async () => {
    const body = JSON.stringify({ entries: [{ step: 99, metrics: { half: 1 } }] });
    const headers = ['Content-Type: application/json', `Content-Length: ${body.length + 10}`];
    await raw(head('POST /api/v1/runs/r/log HTTP/1.1', 'Host: localhost', ...headers) + body);
    await store.refuse('queryMetrics', 'metric_not_found', { body: { runs: ['r'], metrics: ['half'] } });
    expect(faults()).toEqual([]);
  });
});

it('stops reading an export when its client goes', async () => {
  await store.ask('putRun', { id: 'large', body: { project: 'p' } });
  const rows = Array.from({ length: 1_000 }, (_, i) => [i, 'x'.repeat(12_000)]);
  await store.ask('log', {
    id: 'large',
    body: { entries: [{ step: 1, tables: { t: { columns: ['i', 'text'], rows } } }] },
  });
  const ticket = await store.ask('createExport', { body: { runs: ['large'], table: 't', format: 'jsonl' } });
  ours.logged.length = 0;
  // More than may be read at one time: each must have ended for the last to be let in.
  for (let i = 0; i < 20; i++) {
    const response = await store.fetch(ticket.path);
    expect(response.status).toBe(200);
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await expect.poll(async () => (await (await store.fetch(ticket.path)).text()).split('\n').length).toBe(1_001);
  expect(faults()).toEqual([]);
});

it('answers HEAD and OPTIONS, and gives no page of another origin leave', async () => {
  const head = await store.fetch('/runs', { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  const options = await store.fetch('/runs/r/log', { method: 'OPTIONS' });
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, OPTIONS']);
  const page = await store.fetch('/runs/r/log', { method: 'OPTIONS', headers: { origin: 'http://evil.example' } });
  expect(page.status).toBe(403);
  expect(page.headers.get('access-control-allow-origin')).toBeNull();
});

it('compresses answers above a kilobyte for those who take that', async () => {
  const page = async (encoding: string) =>
    (await fetch(`${ours.url}/api/v1/openapi.json`, { headers: { 'accept-encoding': encoding } })).headers;
  expect((await page('gzip')).get('content-encoding')).toBe('gzip');
  expect((await page('identity')).get('content-encoding')).toBeNull();
  expect((await page('gzip;q=0')).get('content-encoding')).toBeNull();
  expect((await page('br, *;q=0.1')).get('content-encoding')).toBe('gzip');
  expect((await page('gzip;q=0, *;q=0.1')).get('content-encoding')).toBeNull();
  const health = await fetch(`${ours.url}/api/v1/health`, { headers: { 'accept-encoding': 'gzip' } });
  expect(health.headers.get('content-encoding')).toBeNull();
});
