import { DuckDBConnection } from '@duckdb/node-api';
import type { RowsRequest } from '@rolloscope/contract/types';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FULL_ACCESS } from '../../Access';
import { type OpenStore, openStore } from '../../testing/openStore';

/*
 * Most tables have no labels, and pay for none: what is asked of the database is as it was before anybody could label.
 */
let store: OpenStore;
const rows = (...answers: string[]) => ({ columns: ['prompt', 'response'], rows: answers.map((one) => ['q', one]) });

beforeAll(async () => {
  store = await openStore();
  await store.log('plain', [{ step: 1, tables: { t: rows('a', 'b') } }]);
  await store.log('labelled', [{ step: 1, tables: { t: rows('a', 'b'), other: rows('c') } }]);
  const { rowIds } = await store.reader.rows({ runs: ['labelled'], table: 't' }, FULL_ACCESS);
  await store.writer.label(rowIds[0] ?? '', { star: true }, { person: 'ada', proven: false }, FULL_ACCESS);
});
afterAll(() => store.close());

/** Statements while something is done: all of them, and those that look at labels. */
async function asked(work: () => Promise<unknown>): Promise<{ all: number; ofLabels: number }> {
  const spies = (['run', 'stream'] as const).map((method) => vi.spyOn(DuckDBConnection.prototype, method));
  try {
    await work();
    const all = spies.flatMap(({ mock }) => mock.calls.map(([sql]) => String(sql)));
    return { all: all.length, ofLabels: all.filter((sql) => /\blabel(s|led)\b/.test(sql)).length };
  } finally {
    for (const spy of spies) {
      spy.mockRestore();
    }
  }
}

const page = (run: string, more: Partial<RowsRequest> = {}) =>
  asked(() => store.reader.rows({ runs: [run], table: 't', ...more }, FULL_ACCESS));

it('looks at no labels where nobody labelled a rollout of the table, whatever is asked', async () => {
  const filter = [{ column: 'labelStars', op: 'ge' as const, value: 1 }];
  for (const more of [{}, { filter }, { lens: 'labelled' as const }, { columns: ['labelVerdict'] }]) {
    expect((await page('plain', more)).ofLabels).toBe(0);
  }
  expect((await page('labelled', { table: 'other' })).ofLabels).toBe(0);
  expect((await page('labelled', { columns: ['prompt'] })).ofLabels).toBe(0);
  expect((await page('labelled')).ofLabels).toBeGreaterThan(0);
  expect((await page('labelled')).all).toBe((await page('plain')).all);
});

it('looks for rows of labelled rollouts only among those of runs that have some', async () => {
  const log = (run: string) => asked(() => store.log(run, [{ step: 2, tables: { t: rows('a') } }]));
  expect((await log('plain')).ofLabels).toBe(0);
  expect((await log('labelled')).ofLabels).toBe(1);
});

it('joins labels, and looks up none row by row, where rows are shown, filtered, ordered or chosen by them', async () => {
  const spy = vi.spyOn(DuckDBConnection.prototype, 'stream');
  const filter = [{ column: 'labelStars', op: 'ge' as const, value: 1 }];
  const orderBy = [{ column: 'labelTime', direction: 'desc' as const }];
  try {
    for (const more of [{ filter }, { orderBy }, { lens: 'labelled' as const }, {}]) {
      spy.mockClear();
      const { total } = await store.reader.rows({ runs: ['labelled'], table: 't', ...more }, FULL_ACCESS);
      expect(total).toBeGreaterThan(0);
      const statements = spy.mock.calls.map(([sql]) => String(sql)).filter((sql) => /\blabelled\b/.test(sql));
      expect(statements.length).toBeGreaterThan(0);
      // A lens goes over its rows twice.
      expect(statements.filter((sql) => (sql.match(/\bFROM labelled\b/g) ?? []).length > 2)).toEqual([]);
      expect(statements.filter((sql) => !sql.includes('LEFT JOIN'))).toEqual([]);
    }
  } finally {
    spy.mockRestore();
  }
});
