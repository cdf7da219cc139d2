import type {
  Filter,
  MetricListAnswer,
  RowsAnswer,
  Run,
  RunsAnswer,
  TableListAnswer,
} from '@rolloscope/contract/types';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';

vi.setConfig({ testTimeout: 120_000 });
let store: AttackedStore;
beforeAll(async () => {
  store = await attackedStore();
});
afterAll(() => store.stop());
beforeEach(() => store.reset());

const put = (run: string, body: object = {}, query = '') =>
  store.call('PUT', `/api/v1/runs/${run}${query}`, { project: 'p', ...body });
const log = (run: string, metrics: object, query = '') =>
  store.call('POST', `/api/v1/runs/${run}/log${query}`, { entries: [{ step: 1, metrics }] });
const read = (path: string, body: object) => store.call('POST', `/api/v1/query/${path}`, body);
const names = (prefix: string, from: number, to: number, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: to - from }, (_, i) => [`${prefix}${from + i}`, value]));
const refusal = ({ status, json }: { status: number; json: unknown }) => [
  status,
  (json as { error: { message: string } }).error?.message,
];
const LEAVE = '?beyond=leave';

describe('a run of as many metrics as one may have', () => {
  it('refuses the next one, or leaves it out and takes the rest', async () => {
    await put('wide');
    for (let from = 0; from < 50_000; from += 10_000) {
      expect((await log('wide', names('layer/norm/', from, from + 10_000))).status).toBe(200);
    }
    expect(refusal(await log('wide', { 'one/more': 1, 'layer/norm/1': 2 }))).toEqual([
      400,
      'The run would have 50,001 metrics by name; the limit is 50,000 (metrics). Log what varies as rows of a table.',
    ]);
    expect((await log('wide', { ...names('more', 0, 40_000), 'layer/norm/1': 3 }, LEAVE)).status).toBe(200);
    const { summary } = (await store.call('GET', '/api/v1/runs/wide')).json as Run;
    expect(Object.keys(summary ?? {})).toHaveLength(50_000);
    expect(summary?.['layer/norm/1']).toBe(3);
    const events = await store.call('GET', '/api/v1/events?run=wide&types=left_out');
    expect(events.json).toMatchObject({ events: [{ title: 'Not kept: metrics by name beyond 50,000' }] });
    store.expectWell();
  });

  it('is read and described without anybody waiting', async () => {
    const begin = performance.now();
    const list = (await read('metric-list', { runs: ['wide'], q: 'norm' })).json as MetricListAnswer;
    expect([list.metrics.length, list.truncated]).toEqual([1_000, true]);
    const { runs } = (await read('runs', { include: ['summary', 'config'] })).json as RunsAnswer;
    expect(Object.keys(runs[0]?.summary ?? {})).toHaveLength(50_000);
    expect((await put('wide', { notes: 'x' })).status).toBe(200);
    expect(performance.now() - begin, 'milliseconds').toBeLessThan(10_000);
    const globs = Array.from({ length: 100 }, (_, i) => `*${i}*a*e*x*`);
    expect((await read('metrics', { runs: ['wide'], metrics: globs })).status).toBe(404);
    store.expectWell();
  });
});

describe('a run’s config', () => {
  it('grows to so many keys, over all calls', async () => {
    expect((await put('told', { config: names('a', 0, 20_000) })).status).toBe(200);
    expect(refusal(await put('told', { config: { more: 1 } }))).toEqual([
      400,
      expect.stringContaining('20,001 keys of config; the limit is 20,000 (configKeys)'),
    ]);
    expect(refusal(await put('told', { config: names('b', 0, 50_000) }))[0]).toBe(400);
    expect((await put('told', { config: { a1: 2, ...names('b', 0, 30_000) } }, LEAVE)).status).toBe(200);
    const { config } = (await store.call('GET', '/api/v1/runs/told')).json as Run;
    expect([Object.keys(config ?? {}).length, config?.a1]).toEqual([20_000, 2]);
    const events = await store.call('GET', '/api/v1/events?run=told&types=left_out');
    expect(events.json).toMatchObject({ events: [{ title: 'Not kept: keys of config beyond 20,000' }] });
    expect((await read('keys', { q: 'config.' })).status).toBe(200);
    store.expectWell();
  });

  it('grows to so many bytes, over all calls', async () => {
    const codes: number[] = [];
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      codes.push((await put('long', { config: { [key]: 'x'.repeat(1_000_000) } })).status);
    }
    expect(codes).toEqual([200, 200, 200, 200, 400]);
    store.expectWell();
  });
});

describe('a filter of as many conditions as one may have, over many runs with much config', () => {
  const RUNS = 1_000;
  const TEXT = 'a value that is not so short ';
  const where = (of: (i: number) => Filter[number], count = 500) => Array.from({ length: count }, (_, i) => of(i));

  beforeAll(async () => {
    const config = { text: TEXT.repeat(100), ...names('key', 0, 200, TEXT.repeat(2)) };
    for (let from = 0; from < RUNS; from += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => put(`r${from + i}`, { config: { ...config, n: from + i }, tags: ['x'] })),
      );
    }
  }, 120_000);

  it.each<[string, Filter]>([
    ['patterns', where((i) => ({ column: 'config.text', op: 'matches', value: i % 2 ? 'v.' : 'so?' }), 400)],
    ['other patterns', where((i) => ({ column: `config.key${i}`, op: 'matches', value: 'not.{2}' }), 150)],
    ['a slow pattern', [{ column: 'config.text', op: 'matches', value: '(.{0,20}){0,20}qq$' }]],
    ['texts', where(() => ({ column: 'config.text', op: 'contains', value: `${TEXT}a val` }))],
    ['keys', where((i) => ({ column: `config.key${i % 200}`, op: 'ne', value: i }))],
    ['lists', where(() => ({ column: 'id', op: 'in', value: [...Array.from({ length: 499 }, (_, i) => i), 'r1'] }))],
    ['attributes', where((i) => ({ column: 'name', op: 'gt', value: String(-i) }))],
  ])('of %s keeps nobody waiting', async (_, filter) => {
    const answer = await read('runs', { where: filter, limit: 5 });
    expect([200, 422]).toContain(answer.status);
    await store.call('POST', '/api/v1/query/metrics', { runs: { where: filter }, metrics: ['*'] });
    store.expectWell();
  });

  it('looks through a long text without stopping at it', async () => {
    await put('x', { config: { long: 'x'.repeat(3_900_000) } });
    await store.reset();
    const value = `${'x'.repeat(999)}y`;
    const answer = await read('runs', { where: [{ column: 'config.long', op: 'contains', value }] });
    expect(answer.json).toEqual({ runs: [] });
    expect((await read('values', { key: 'config.long', q: value })).json).toEqual({ values: [] });
    store.expectWell();
  });

  it('orders, and lists keys and values, in turns', async () => {
    const orderBy = Array.from({ length: 16 }, (_, i) => ({ column: `config.key${i}`, direction: 'desc' }));
    for (const [path, body] of [
      ['runs', { orderBy, include: ['config', 'summary'], limit: 1_000 }],
      ['keys', {}],
      ['values', { key: 'config.text' }],
      ['table-list', { runs: { where: [] } }],
    ] as const) {
      expect((await read(path, body)).status, path).toBe(200);
    }
    store.expectWell();
  });
});

it('lists as many tables as one run may have, and finds a row among those of many runs', async () => {
  const tables = (of: number) =>
    Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`t${of}-${i}`, { columns: ['x'], rows: [[i]] }]));
  for (let i = 0; i < 5; i++) {
    await put(`tables${i}`);
    await store.call('POST', `/api/v1/runs/tables${i}/log`, { entries: [{ step: 1, tables: tables(i) }] });
  }
  await store.reset();
  const runs = Array.from({ length: 5 }, (_, i) => `tables${i}`);
  const begin = performance.now();
  const list = (await read('table-list', { runs })).json as TableListAnswer;
  expect(list.tables).toHaveLength(1_000);
  expect(list.tables.every(({ rows, firstStep }) => rows === 1 && firstStep === 1)).toBe(true);
  const page = (await read('rows', { runs: ['tables4'], table: 't4-199' })).json as RowsAnswer;
  const row = (await store.call('GET', `/api/v1/rows/${page.rowIds[0]}`)).json;
  expect(row).toMatchObject({ run: 'tables4', table: 't4-199', cells: { x: 199 } });
  expect(performance.now() - begin, 'milliseconds').toBeLessThan(10_000);
  store.expectWell();
});
