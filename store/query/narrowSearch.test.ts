import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { Reads } from '../engine/duckdb/Reads';
import { type OpenStore, openStore } from '../testing/openStore';

/*
 * A search looks at the texts of the rows that the rest of the query leaves, wherever these lie: what it takes grows with
 * them, not with the table. The database tells how many rows came to each condition on texts.
 */

const STEPS = 60;
const PROMPTS = 30;
const SEARCH = 'zebra';

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const text = 'No word of this is the one that is looked for. '.repeat(20);
  for (let step = 0; step < STEPS; step++) {
    const rows = Array.from({ length: PROMPTS }, (_, i) => [`prompt ${i}`, `${text} ${step} ${i}`]);
    await store.log('long', [{ step, tables: { rollouts: { columns: ['prompt', 'response'], rows } } }]);
    const few = [[`prompt ${step}`, `${text} short`]];
    await store.log('short', [{ step, tables: { rollouts: { columns: ['prompt', 'response'], rows: few } } }]);
  }
}, 120_000);
afterAll(() => store.close());

/** A step of a plan that was carried out, as DuckDB tells of it. */
interface Operator {
  operator_name?: string;
  operator_cardinality?: number;
  extra_info?: { Expression?: string };
  children?: Operator[];
}

/** Rows that came to each condition on texts. */
function rowsLookedAt({ operator_name: name, extra_info: info, children = [] }: Operator): number[] {
  const isOfTexts = name?.trim() === 'FILTER' && info?.Expression?.includes(SEARCH);
  const own = isOfTexts ? children.map((child) => child.operator_cardinality ?? 0) : [];
  return [...own, ...children.flatMap(rowsLookedAt)];
}

/** What a search looks at, statement by statement: each is carried out once more, and explained. */
async function lookedAt(request: object): Promise<number[]> {
  const counts: number[] = [];
  const { session } = Reads.prototype;
  const spy = vi.spyOn(Reads.prototype, 'session').mockImplementation(function (this: Reads, work, kind) {
    return session.call(
      this,
      (read, signal) =>
        work(async (sql, values) => {
          if (sql.includes('texts_')) {
            const plan = await read(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, values);
            counts.push(...rowsLookedAt(JSON.parse(plan.at<string>(1)[0] ?? '{}') as Operator));
          }
          return read(sql, values);
        }, signal),
      kind,
    );
  });
  try {
    const asked = { runs: ['long', 'short'], table: 'rollouts', search: SEARCH, limit: 1, ...request };
    expect((await store.reader.rows(asked, FULL_ACCESS)).total).toBe(0);
  } finally {
    spy.mockRestore();
  }
  expect(counts.length).toBeGreaterThan(1);
  return [...new Set(counts)];
}

it.each([
  ['all rows', {}, STEPS * (PROMPTS + 1)],
  ['one step', { runs: ['long'], steps: { from: 30, to: 30 } }, PROMPTS],
  ['a run whose rows lie between those of others', { runs: ['short'] }, STEPS],
  ['one prompt', { runs: ['long'], filter: [{ column: 'prompt', op: 'eq' as const, value: 'prompt 7' }] }, STEPS],
])('in %s it looks at the texts of those rows, and at no others', async (_, selection, rows) => {
  expect(await lookedAt(selection)).toEqual([rows]);
});
