import { LIMITS } from '@rolloscope/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { LeftOut } from '../formats/LeftOut';
import { type OpenStore, openStore } from '../testing/openStore';
import { MOST_BEHIND } from './stageLog';

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const tables = (prefix: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, { columns: ['x'], rows: [[i]] }]));
const told = async () => {
  const { events } = await store.reader.events({ run: 'r', types: 'left_out' }, FULL_ACCESS);
  return events.map(({ title, text }) => [title, text]);
};

it('leaves out, and tells once, what goes beyond the tables of a run, and takes the rest', async () => {
  await store.log('r', [{ step: 1, tables: tables('t', LIMITS.tables - 1) }]);
  const leave = (step: number, entry: object) =>
    store.writer.log('r', { entries: [{ step, ...entry }] }, FULL_ACCESS, { leftOut: new LeftOut(new Set()) });
  await leave(2, { metrics: { loss: 1 }, tables: { t0: tables('t', 1).t0, ...tables('u', 3) } });
  await leave(3, { metrics: { loss: 2 }, tables: tables('u', 3) });
  const { tables: listed } = await store.reader.tableList({ runs: ['r'] }, FULL_ACCESS);
  expect(listed).toHaveLength(LIMITS.tables);
  expect(listed.find(({ name }) => name === 't0')?.rows).toBe(2);
  expect(listed.find(({ name }) => name === 'u0')?.rows).toBe(2);
  expect((await store.reader.run('r', FULL_ACCESS)).summary).toMatchObject({ loss: 2 });
  expect(await told()).toEqual([['Not kept: tables beyond 200', expect.stringContaining('First seen: u1')]]);
  // Rows that were left out took no numbers of others.
  await store.log('r', [{ step: 4, tables: { t1: { columns: ['x'], rows: [[41], [42]] } } }]);
  const page = await store.reader.rows({ runs: ['r'], table: 't1', columns: ['x'] }, FULL_ACCESS);
  expect(page.rows).toEqual([[1], [41], [42]]);
  const cells = page.rowIds.map(async (id) => (await store.reader.row(id, FULL_ACCESS)).cells.x);
  expect(await Promise.all(cells)).toEqual([1, 41, 42]);
  await expect(store.log('r', [{ step: 5, tables: tables('v', 1) }])).rejects.toThrow(/201 tables; the limit is 200/);
});

it('counts what runs take, and gives it back with them', async () => {
  await store.log('r', [{ step: 1, metrics: { a: 1, b: 2 } }]);
  const one = store.runIndex.memory;
  expect(one).toBeGreaterThan(2_000 + 2 * 150);
  await store.log('s', [{ step: 1, metrics: { a: 1, b: 2, c: 3 } }]);
  expect(store.runIndex.memory).toBeGreaterThan(2 * one);
  const before = store.runIndex.memory;
  await store.stop();
  const again = await openStore({ directory: store.directory });
  expect(again.runIndex.memory).toBe(before);
  store = again;
  await store.writer.deleteRun('s', FULL_ACCESS);
  expect(store.runIndex.memory).toBe(one);
});

it('makes runs of one name at one time under ids of their own, and one run for one client', async () => {
  const open = (clientId?: string) =>
    store.writer.openRun(
      { ids: ['r', 'r-2', 'r-3', 'r-4'], put: { project: 'p', name: 'r' }, ...(clientId && { clientId }) },
      FULL_ACCESS,
    );
  const opened = await Promise.all([open(), open(), store.writer.putRun('r-3', { project: 'p' }, FULL_ACCESS), open()]);
  const ids = opened.map(({ id }) => id);
  expect(new Set(ids).size, `${ids}`).toBe(4);
  await expect(open()).rejects.toThrow(/Every id.*is taken/);
  await store.writer.deleteRun('r', FULL_ACCESS);
  await store.writer.deleteRun('r-2', FULL_ACCESS);
  const clients = await Promise.all([open('a'), open('b'), open('a')]);
  expect(clients.map(({ id }) => id)).toEqual(['r', 'r-2', 'r']);
  expect(clients.map(({ isNew }) => isNew)).toEqual([true, true, false]);
});

it('remembers so many steps of late rows, however many come', async () => {
  const rows = (step: number) => ({ step, tables: { t: { columns: ['x'], rows: [[step]] } } });
  await store.log('r', [{ ...rows(10_000), metrics: { loss: 1 } }]);
  for (const from of [0, 800, 1_600]) {
    await store.log(
      'r',
      Array.from({ length: 800 }, (_, i) => rows(from + i)),
    );
  }
  const behind = store.runIndex.get('r')?.behind?.get('t');
  expect(behind?.size).toBe(MOST_BEHIND);
  expect(behind?.has(2_399)).toBe(true);
});
