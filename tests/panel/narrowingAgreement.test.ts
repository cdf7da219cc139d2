import { FieldType, toDataFrame } from '@grafana/data';
import { OPERATORS } from '@rolloscope/contract';
import type { Condition, Filter, OrderBy } from '@rolloscope/contract/types';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable } from '../../src/panel/data/readTable';
import { FULL_ACCESS } from '../../store/Access';
import { type OpenStore, openStore } from '../../store/testing/openStore';

/** Characters that are easily taken for others: in another case, beside their look-alikes, or in two units of UTF-16. */
const CHARACTERS = [...'aAbBkKK sSſßẞσςΣiIİı_-.é', 'É', '問', '！', '😀', '𝒳', 'e\u0301', '\n'];
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 6 }) },
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const number = fc.oneof(
  fc.constantFrom(0, -0, 1, 1.5, -2, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.integer({ min: -3, max: 3 }),
);
const TYPES = {
  number: FieldType.number,
  text: FieldType.string,
  yes: FieldType.boolean,
  n: FieldType.number,
} as const;
type Name = keyof typeof TYPES;
const NAMES: Name[] = ['number', 'text', 'yes', 'n'];
const cell = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null, freq: 6 });
const row = fc.record({ number: cell(number), text: cell(text), yes: cell(fc.boolean()) });

/** What JSON cannot write is a text on its way. */
const onWire = (value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);

const VALUES: Record<Name, fc.Arbitrary<unknown>> = {
  number,
  text,
  yes: fc.boolean(),
  n: fc.integer({ min: 0, max: 9 }),
};
const condition: fc.Arbitrary<Condition> = fc
  .constantFrom(...NAMES.flatMap((column) => OPERATORS.map((op) => ({ column, op }))))
  .chain(({ column, op }): fc.Arbitrary<Condition> => {
    const value: fc.Arbitrary<unknown> =
      op === 'isNull'
        ? fc.option(fc.boolean(), { nil: undefined })
        : op === 'in'
          ? fc.array(VALUES[column], { maxLength: 3 })
          : op === 'contains'
            ? text
            : op === 'matches'
              ? fc.constantFrom('a', '^[a-k]', '(?i)s', '.{3}', '\\bb', 'σ$', '😀|!')
              : VALUES[column];
    return value.map((one) => ({
      column,
      op,
      ...(one !== undefined && { value: (Array.isArray(one) ? one.map(onWire) : onWire(one)) as Condition['value'] }),
    }));
  });
const filter: fc.Arbitrary<Filter> = fc.oneof(
  condition.map((one) => [one]),
  fc.array(condition, { minLength: 2, maxLength: 3 }).map((anyOf) => [{ anyOf }]),
  fc.array(condition, { maxLength: 2 }),
);
const orderBy: fc.Arbitrary<OrderBy> = fc.array(
  fc.record({ column: fc.constantFrom(...NAMES), direction: fc.constantFrom('asc' as const, 'desc' as const) }),
  { maxLength: 2 },
);
const search = fc.record({
  text: text.filter((one) => one !== ''),
  mode: fc.constantFrom('plain' as const, 'word' as const),
  case: fc.boolean(),
});

/** A column without any value has no type in the store. */
const TYPED = { number: 0, text: 'a', yes: false };

let store: OpenStore;
let count = 0;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

type Row = { number: number | null; text: string | null; yes: boolean | null };

/** The same rows as a table of the store and as a frame, each with its number from 0. */
async function bothWays(rows: readonly Row[]) {
  const run = `run ${++count}`;
  const columns = NAMES.map((name) => ({
    name,
    type:
      TYPES[name] === FieldType.string
        ? ('string' as const)
        : name === 'yes'
          ? ('boolean' as const)
          : ('number' as const),
  }));
  const cells = rows.map((one, n) => [onWire(one.number), one.text, one.yes, n]);
  await store.log(run, [{ step: 9, time: 1_000, tables: { t: { columns, rows: cells } } }]);
  const fields = NAMES.map((name) => ({
    name,
    type: TYPES[name],
    values: rows.map((one, n) => (name === 'n' ? n : one[name])),
  }));
  const frame = readTable(toDataFrame({ fields }), null);
  const page = { offset: 0, limit: 1_000, columns: ['n'] };
  return {
    inStore: async (narrowing: object) =>
      (await store.reader.rows({ runs: [run], table: 't', ...page, ...narrowing }, FULL_ACCESS)).rows.map(([n]) => n),
    inFrame: async (narrowing: object) => {
      const found = await frame.loadPage({ ...page, orderBy: [], ...narrowing }, new AbortController().signal);
      return Array.from({ length: found.count }, (_, at) => found.cell(at, 'n'));
    },
  };
}

/** What is asked of a table must not depend on who answers: the store, or the panel over the rows of a frame. */
describe('a table in the store and over a frame', () => {
  it('holds the same conditions, finds the same texts and has the same order', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.array(fc.record({ filter, orderBy, search: fc.option(search, { nil: undefined }) }), {
          minLength: 20,
          maxLength: 20,
        }),
        async (rows, asked) => {
          const { inStore, inFrame } = await bothWays([TYPED, ...rows]);
          for (const { search, ...one } of asked) {
            const narrowing = { ...one, ...(search && { search }) };
            expect(await inFrame(narrowing), JSON.stringify(narrowing)).toEqual(await inStore(narrowing));
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});
