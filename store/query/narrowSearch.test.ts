import { afterAll, beforeAll, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

/*
 * A search looks at the texts of the rows that the rest of the query leaves, wherever these lie: what it takes grows with
 * them, not with the table.
 */

const STEPS = 60;
const PROMPTS = 30;
const ROUNDS = 5;
/** A pattern that takes long over each text, beside which all else that a search does is little. */
const PATTERN = '(looked|word|for|that){1,4}.{0,40}is.{0,40}(?:the|this) (?:end|beginning)';

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const text = 'No word of this is the one that is looked for. '.repeat(200);
  for (let step = 0; step < STEPS; step++) {
    const rows = Array.from({ length: PROMPTS }, (_, i) => [`prompt ${i}`, `${text} ${step} ${i}`]);
    await store.log('long', [{ step, tables: { rollouts: { columns: ['prompt', 'response'], rows } } }]);
    const few = [[`prompt ${step}`, `${text} short`]];
    await store.log('short', [{ step, tables: { rollouts: { columns: ['prompt', 'response'], rows: few } } }]);
  }
}, 60_000);
afterAll(() => store.close());

/** What else the machine does makes some rounds longer, none shorter. */
const least = (times: number[]) => Math.min(...times);

it.each([
  ['one step', { runs: ['long'], steps: { from: 30, to: 30 } }],
  ['a run whose rows lie between those of others', { runs: ['short'] }],
  ['one prompt', { runs: ['long'], filter: [{ column: 'prompt', op: 'eq' as const, value: 'prompt 7' }] }],
])('in %s it takes a fraction of a search of all rows', async (_, selection) => {
  const search = async (request: object) => {
    const begin = performance.now();
    const { total } = await store.reader.rows(
      { runs: ['long', 'short'], table: 'rollouts', search: { text: PATTERN, mode: 'regex' }, limit: 1, ...request },
      FULL_ACCESS,
    );
    return { total, time: performance.now() - begin };
  };
  const [whole, narrow]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    whole.push((await search({})).time);
    const found = await search(selection);
    expect(found.total).toBe(0);
    narrow.push(found.time);
  }
  expect(least(narrow)).toBeLessThan(least(whole) / 3);
});
