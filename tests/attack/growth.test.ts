import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type AttackedStore, attackedStore } from './attackedStore';

vi.setConfig({ testTimeout: 120_000 });
let store: AttackedStore;
beforeAll(async () => {
  store = await attackedStore();
});
afterAll(() => store.stop());

const put = (run: string, body: object = {}) => store.call('PUT', `/api/v1/runs/${run}`, { project: 'p', ...body });
const log = (run: string, entry: object) => store.call('POST', `/api/v1/runs/${run}/log`, { entries: [entry] });
const row = (columns: string[]) => ({ columns, rows: [columns.map((_, i) => (i % 2 ? 'text' : i))] });
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const code = ({ status, json }: { status: number; json: unknown }) =>
  status === 200 ? 200 : (json as { error: { code: string } }).error.code;

it('a table grows to so many columns, over all calls and all runs', async () => {
  const codes: unknown[] = [];
  for (const run of ['a', 'b', 'c', 'd']) {
    await put(run);
    for (const part of ['x', 'y', 'z']) {
      codes.push(code(await log(run, { step: 1, tables: { wide: row(names(`${run}-${part}`, 240)) } })));
    }
  }
  const LIMIT = 'limit_exceeded';
  expect(codes).toEqual([200, 200, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT]);
  // What is there goes on.
  expect(code(await log('a', { step: 2, tables: { wide: row(names('a-x', 240)) } }))).toBe(200);
  const page = { runs: ['a', 'b'], table: 'wide', search: 'text', limit: 5 };
  expect((await store.call('POST', '/api/v1/query/rows', page)).status).toBe(200);
  store.expectWell();
});

it('a run, and the store, have so many tables', async () => {
  const tables = (prefix: string, count: number) =>
    Object.fromEntries(names(prefix, count).map((name) => [name, row(['x'])]));
  await put('t0');
  expect(code(await log('t0', { step: 1, tables: tables('many', 201) }))).toBe('limit_exceeded');
  const codes = new Map<unknown, number>();
  for (let i = 0; i < 12; i++) {
    await put(`t${i}`);
    const one = code(await log(`t${i}`, { step: 1, tables: tables(`t${i}-`, 190) }));
    codes.set(one, (codes.get(one) ?? 0) + 1);
  }
  expect([...codes]).toEqual([
    [200, 10],
    ['limit_exceeded', 2],
  ]);
  expect((await store.call('POST', '/api/v1/query/table-list', { runs: ['t1'] })).status).toBe(200);
  expect(code(await log('a', { step: 3, metrics: { loss: 1 } }))).toBe(200);
  store.expectWell();
});

it('one call brings so many columns of tables, and the store has so many', async () => {
  const tables = (prefix: string, count: number) =>
    Object.fromEntries(names(prefix, count).map((name) => [name, row(names('x', 200))]));
  await put('many');
  expect(code(await log('many', { step: 1, tables: tables('many', 26) }))).toBe('limit_exceeded');
  const codes: unknown[] = [];
  for (const part of ['a', 'b', 'c', 'd', 'e']) {
    await put(`many-${part}`);
    codes.push(code(await log(`many-${part}`, { step: 1, tables: tables(part, 20) })));
  }
  expect(codes).toEqual([200, 200, 200, 200, 'limit_exceeded']);
  expect(code(await log('many-a', { step: 2, tables: tables('a', 20) }))).toBe(200);
  store.expectWell();
});
