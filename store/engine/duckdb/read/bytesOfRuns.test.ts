import { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type OpenStore, openStore } from '../../../testing/openStore';

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

it('sums up what runs take by statements of so many tables, of which a plan is soon made', async () => {
  const table = { columns: ['x'], rows: [[1]] };
  const tables = Object.fromEntries(Array.from({ length: 110 }, (_, i) => [`t${i}`, table]));
  await store.log('many', [{ step: 1, tables }]);
  await store.log('one', [{ step: 1, tables: { t0: table } }]);
  const asked = vi.spyOn(DuckDBConnection.prototype, 'run');
  const sizes = await store.engine.bytesOfRuns();
  const parts = asked.mock.calls.map(([sql]) => String(sql).split('UNION ALL').length);
  asked.mockRestore();
  // Points that are rolled up, those that are not, and the tables.
  expect(parts).toEqual([50, 50, 12]);
  const [many = 0, one = 0] = ['many', 'one'].map((run) => sizes.find((size) => size.run === run)?.bytes);
  expect(sizes).toHaveLength(2);
  expect(many).toBe(110 * one);
});
