import { FieldType, toDataFrame } from '@grafana/data';
import { type Filter, LENS_PLANS, LENSES } from '@rolloscope/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable } from '../../src/panel/data/readTable';
import { FULL_ACCESS } from '../../store/Access';
import { type OpenStore, openStore } from '../../store/testing/openStore';

/** What a frame cannot know: another run, and what only the store derives. */
const IN_STORE_ONLY = new Set(['suspicious', 'baselineWrong', 'baselineRight', 'repetitive']);
/** What the store has hashes and row ids of, and a frame texts and places. */
const IDS = new Set<string>(['groupKey', 'promptKey', 'original']);
const COLUMNS = [
  'step',
  'reward',
  'reward_a',
  'reward_b',
  'prompt',
  'response',
  'truncated',
  'policyAge',
  'correct',
] as const;

const reward = fc.option(
  fc.constantFrom(-1, 0, 0.1, 0.5, 0.6, 1, 1, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  { nil: null, freq: 8 },
);
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const row = fc
  .record({
    step: fc.integer({ min: 1, max: 4 }),
    reward,
    reward_a: reward,
    reward_b: reward,
    prompt: fc.option(fc.oneof({ weight: 4, arbitrary: fc.constantFrom('p', 'q', '問題 😀', '') }, text), {
      nil: null,
      freq: 8,
    }),
    response: fc.oneof(
      fc.constantFrom('a', '😀', 'bb', '<think>dddd', '<think>e</think>', 'f'.repeat(9)),
      text,
      fc.constant(null),
    ),
    truncated: fc.boolean(),
    policyAge: fc.option(fc.integer({ min: -1, max: 3 }), { nil: null, freq: 8 }),
    correct: reward,
  })
  .map((cells) => COLUMNS.map((name) => cells[name]));

/** What narrows the rows before a lens does: steps chosen one by one, a bound that many rows share, a part of a text. */
const filter: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>([]),
  fc.subarray([1, 2, 3, 4], { minLength: 1 }).map((steps): Filter => [{ column: 'step', op: 'in', value: steps }]),
  fc.constantFrom(0, 1).map((least): Filter => [{ column: 'reward', op: 'ge', value: least }]),
  fc.constantFrom('a', 'f', '<').map((part): Filter => [{ column: 'response', op: 'contains', value: part }]),
);

/** What JSON cannot write is a text on its way. */
const onWire = (cell: string | number | boolean | null) =>
  typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell;

/** A column without any value has no type in the store. */
const TYPED = [0, 0, 0, 0, 'p', 'a', false, 0, 0];

let store: OpenStore;
let count = 0;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

/** A lens must not depend on where it is looked through: the same rows, as many, wherever they come from. */
describe('lenses in the store and over a frame', () => {
  it('leave the same rows of any table, and count them alike', async () => {
    const { signal } = new AbortController();
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        filter,
        fc.boolean(),
        async (drawn, filter, isJudged) => {
          const names = isJudged ? COLUMNS : COLUMNS.filter((name) => name !== 'correct');
          const rows = [TYPED, ...drawn].map((cells) => cells.slice(0, names.length));
          const run = `run ${++count}`;
          const logged = { columns: [...names], rows: rows.map((cells) => cells.map(onWire)) };
          await store.log(run, [{ step: 9, time: 1_000, tables: { t: logged } }]);
          const fields = names.map((name, i) => {
            const values = rows.map((cells) => cells[i]);
            const type = values.some((value) => typeof value === 'string')
              ? FieldType.string
              : name === 'truncated'
                ? FieldType.boolean
                : FieldType.number;
            return { name, type, values };
          });
          const frame = readTable(toDataFrame({ fields }), null);
          const inFrame = new Map(
            (await frame.countLenses({ orderBy: [], filter }, signal)).map((one) => [one.lens, one.rows]),
          );
          const selection = { runs: [run], table: 't', filter };
          const { lenses = [] } = await store.reader.facets({ ...selection, lenses: true }, FULL_ACCESS);
          const inStore = new Map(lenses.map((one) => [one.lens, one.rows]));
          for (const lens of LENSES.filter((one) => !IN_STORE_ONLY.has(one))) {
            expect(inFrame.get(lens), lens).toBe(inStore.get(lens));
            if (inStore.get(lens) === undefined) {
              continue;
            }
            const columns = [...names];
            const page = await store.reader.rows({ ...selection, lens, columns, limit: 1_000 }, FULL_ACCESS);
            const own = await frame.loadPage({ offset: 0, limit: 1_000, orderBy: [], columns, lens, filter }, signal);
            const cells = Array.from({ length: own.count }, (_, at) => columns.map((name) => own.cell(at, name)));
            // Some come in the order of hashes and ids there, of texts and places here: the rows are the same.
            const isByIds = LENS_PLANS[lens].orderBy.some(({ column }) => IDS.has(column));
            const inOrder = (list: unknown[][]) => {
              const texts = list.map((one) => JSON.stringify(one));
              return isByIds ? texts.toSorted() : texts;
            };
            expect(inOrder(cells.map((one) => one.map((cell) => onWire(cell as null)))), lens).toEqual(
              inOrder(page.rows),
            );
          }
        },
      ),
      {
        numRuns: 20,
        examples: [
          // Three characters are fewer than four, whatever the machine takes for them.
          [['😀😀😀', 'four'].map((response) => [1, 0, 0, 0, 'p', response, false, 0, 0]), [], false],
          // What is right at a step, and neither right nor wrong at the next, is not newly wrong.
          [[1, Number.NaN, 0].map((correct, i) => [i + 1, 0, 0, 0, 'q', 'a', false, 0, correct]), [], true],
          [[0, Number.NaN, 1].map((correct, i) => [i + 1, 0, 0, 0, 'q', 'a', false, 0, correct]), [], true],
        ],
      },
    );
  });
});
