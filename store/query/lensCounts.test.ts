import { LENSES } from '@rolloscope/contract';
import type { Filter, LogEntry, RowSelection } from '@rolloscope/contract/types';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

/*
 * The number on a lens is the number of rows behind it: whatever is selected, filtered and searched for, for every lens
 * that the table can have. They are counted all in one statement, and listed one by one.
 */
let store: OpenStore;
const PROMPTS = 6;
const STEPS = [1, 2, 3, 4];

/** Each prompt is asked twice a step; what comes of it looks random, and is the same every time. */
function entries(seed: number): LogEntry[] {
  return STEPS.map((step) => ({
    step,
    tables: {
      eval: {
        columns: ['prompt', 'response', 'correct', 'reward', 'reward_format', 'reward_answer', 'truncated'],
        rows: Array.from({ length: 2 * PROMPTS }, (_, i) => {
          const drawn = mixed(seed * 1_000 + step * 100 + i) % 97;
          const text = drawn % 5 === 0 ? 'again and again '.repeat(30) : `answer ${drawn % 7}`;
          return [`q${i >> 1}`, text, drawn % 3 > 0, drawn / 97, drawn % 2, (drawn % 11) / 11, drawn % 4 === 0];
        }),
      },
    },
  }));
}

/** A whole number that looks random. */
function mixed(seed: number): number {
  const once = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) ^ 0x9e3779b9;
  const twice = Math.imul(once ^ (once >>> 12), 0x297a2d39);
  return (twice ^ (twice >>> 15)) >>> 0;
}

beforeAll(async () => {
  store = await openStore();
  await store.log('base', entries(1));
  for (const run of ['a', 'b']) {
    await store.writer.putRun(run, { project: 'p', baseline: 'base' }, FULL_ACCESS);
    await store.log(run, entries(run === 'a' ? 2 : 3));
  }
});
afterAll(() => store.close());

const step = fc.constantFrom(...STEPS);
const filter: fc.Arbitrary<Filter[number]> = fc.oneof(
  fc.record({
    column: fc.constant('step'),
    op: fc.constant('in' as const),
    value: fc.uniqueArray(step, { minLength: 2, maxLength: 3 }),
  }),
  fc.record({ column: fc.constant('step'), op: fc.constantFrom('eq' as const, 'ge' as const), value: step }),
  fc.record({
    column: fc.constant('reward'),
    op: fc.constantFrom('lt' as const, 'ge' as const),
    value: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ column: fc.constant('correct'), op: fc.constant('eq' as const), value: fc.boolean() }),
);
const selection: fc.Arbitrary<RowSelection> = fc.record(
  {
    runs: fc.constantFrom(['a'], ['b'], ['a', 'b'], ['a', 'base']),
    table: fc.constant('eval'),
    filter: fc.array(filter, { minLength: 1, maxLength: 2 }),
    search: fc.constantFrom('again', 'answer 3', 'q1'),
    version: fc.constantFrom('latest' as const, 'all' as const),
    steps: fc.record({ from: step }),
    roles: fc.constantFrom({}, { correct: null }),
  },
  { requiredKeys: ['runs', 'table'] },
);

async function agree(selected: RowSelection): Promise<void> {
  const { lenses = [] } = await store.reader.facets({ ...selected, lenses: true }, FULL_ACCESS);
  expect(lenses.map(({ lens }) => lens)).toEqual(LENSES);
  const listed = await Promise.all(
    lenses.map(async ({ lens, rows }) =>
      rows === undefined ? undefined : (await store.reader.rows({ ...selected, lens, limit: 1 }, FULL_ACCESS)).total,
    ),
  );
  expect(listed).toEqual(lenses.map(({ rows }) => rows));
  expect(lenses.filter(({ rows }) => rows !== undefined).length).toBeGreaterThan(LENSES.length - 5);
}

it('counts what the table shows, of the steps that an alert compares, with a baseline beside them', async () => {
  await agree({ runs: ['a'], table: 'eval', filter: [{ column: 'step', op: 'in', value: [1, 4] }] });
});

it('counts what the table shows, whatever is selected', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(selection, agree), { numRuns: 25, seed: 13 });
});
