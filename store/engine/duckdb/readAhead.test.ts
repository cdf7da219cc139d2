import { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type OpenStore, openStore } from '../../testing/openStore';

let store: OpenStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const table = { columns: ['prompt', 'response'], rows: [['2 + 2', '4']] };

it('reads what commits look up of runs that go on by one statement a table, and nothing of others', async () => {
  await store.log('going', [
    { step: 1, tables: { rollouts: table, evals: table, scores: { columns: ['x'], rows: [[1]] } } },
  ]);
  await store.log('over', [{ step: 1, tables: { rollouts: table } }]);
  await store.stop();
  store = await openStore({ directory: store.directory });
  const streamed = vi.spyOn(DuckDBConnection.prototype, 'stream');
  const asked = async (runs: string[]) => {
    streamed.mockClear();
    await store.engine.readAhead(runs);
    return streamed.mock.calls.map(([sql]) => String(sql).replace(/c\d+/g, 'c'));
  };
  try {
    expect(await asked([])).toEqual([]);
    expect(await asked(['never'])).toEqual([]);
    expect(await asked(['going'])).toEqual([
      'SELECT max(c), max(c) FROM rows_1 WHERE run IN (1)',
      'SELECT max(c), max(c) FROM rows_2 WHERE run IN (1)',
    ]);
    expect(await asked(['going', 'over'])).toHaveLength(2);
  } finally {
    streamed.mockRestore();
  }
});
