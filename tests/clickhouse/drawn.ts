import { LENSES, POLICY_AGE } from '@rolloscope/contract';
import type { Condition, Filter, OrderBy } from '@rolloscope/contract/types';
import fc from 'fast-check';
import type { Change } from '../../store/engine/Engine';
import type { EffectiveSpan, LensQuery, RowQuery, RunScope, SeriesQuery } from '../../store/engine/EngineReads';
import type { TableColumn } from '../../store/engine/TableColumn';

/** Data and questions for two engines, drawn so that the odd comes often. */

const RUNS = ['one', 'two', 'base'] as const;
const METRICS = ['loss', 'reward/mean'] as const;

const numbers = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, 0.1, 0.2, 1e-7, 1e16, 2 ** 53, Number.NaN, Infinity, -Infinity, -0),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  fc.integer({ min: -3, max: 3 }),
);
const texts = fc.oneof(
  fc.constantFrom(
    '',
    'alpha',
    'Alpha beta',
    'ALPHABET',
    'nan',
    'True',
    'false',
    '12',
    ' 1.5 ',
    'a\nb',
    "it's \0",
    'É é ſ K',
    '_a_',
  ),
  fc.string({ maxLength: 8, unit: 'grapheme' }),
  fc.constantFrom('x'.repeat(256), `${'x'.repeat(256)}alpha`, `${'👍'.repeat(256)}z`),
);
const json = fc.oneof(
  fc.constantFrom(null, true, 3, 0.25, 'text', [1, 2], { a: 1 }, { a: { b: ['x'] } }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Columns as calls have them; one name in two types is among them. */
const COLUMNS: ReadonlyArray<TableColumn & { cells: fc.Arbitrary<unknown> }> = [
  { name: 'key', type: 'string', origin: 'logged', cells: texts },
  { name: 'note', type: 'string', origin: 'logged', cells: texts },
  { name: 'reward', type: 'number', origin: 'logged', role: 'reward', cells: numbers },
  { name: 'ok', type: 'boolean', origin: 'logged', cells: fc.boolean() },
  { name: 'meta', type: 'json', origin: 'logged', cells: json.filter((one) => one !== null) },
  { name: 'mixed', type: 'number', origin: 'logged', cells: numbers },
  { name: 'mixed', type: 'string', origin: 'logged', cells: texts },
  { name: 'flag', type: 'boolean', origin: 'logged', cells: fc.boolean() },
  { name: 'flag', type: 'number', origin: 'logged', cells: numbers },
  { name: 'truncated', type: 'boolean', origin: 'logged', role: 'truncated', cells: fc.boolean() },
  { name: 'partA', type: 'number', origin: 'logged', role: 'rewardPart', cells: numbers },
  { name: 'partB', type: 'number', origin: 'logged', role: 'rewardPart', cells: numbers },
  { name: 'promptHash', type: 'string', origin: 'derived', cells: fc.constantFrom('p', 'q', 'r') },
  { name: 'chars', type: 'number', origin: 'derived', cells: fc.integer({ min: 0, max: 500 }) },
  { name: 'repetition', type: 'number', origin: 'derived', cells: fc.double({ min: 0, max: 1, noNaN: true }) },
  { name: 'duplicateOf', type: 'string', origin: 'derived', cells: fc.constantFrom('u', 'v') },
  { name: 'failed', type: 'boolean', origin: 'derived', cells: fc.boolean() },
  { name: POLICY_AGE, type: 'number', origin: 'derived', cells: fc.integer({ min: 0, max: 4 }) },
];
const NAMES = [...new Set(COLUMNS.map(({ name }) => name))];

const steps = fc.integer({ min: -2, max: 12 });
const maybeStep = fc.option(steps, { freq: 8 });
const times = fc.integer({ min: 1_000, max: 1_040 });

/** The logged rows of one entry. */
const rows = fc
  .uniqueArray(fc.integer({ min: 0, max: COLUMNS.length - 1 }), { minLength: 1, maxLength: 12 })
  .chain((picked) => {
    const columns = picked.flatMap((i) => COLUMNS[i] ?? []);
    const line = fc.tuple(...columns.map(({ cells }) => fc.option(cells, { freq: 4 })));
    return fc.record({
      run: fc.constantFrom(...RUNS),
      attempt: fc.integer({ min: 1, max: 2 }),
      entryStep: maybeStep,
      columns: fc.constant(columns.map(({ cells: _, ...column }) => column)),
      lines: fc.array(fc.tuple(maybeStep, times, line), { minLength: 1, maxLength: 6 }),
    });
  });

const points = fc.record({
  run: fc.constantFrom(...RUNS),
  attempt: fc.integer({ min: 1, max: 2 }),
  lines: fc.array(fc.tuple(fc.constantFrom(...METRICS), maybeStep, times, numbers), { minLength: 1, maxLength: 20 }),
});

export type DrawnEntry =
  | { kind: 'rows'; entry: typeof rows extends fc.Arbitrary<infer T> ? T : never }
  | { kind: 'points'; entry: typeof points extends fc.Arbitrary<infer T> ? T : never };

/** What is committed, entry by entry. */
export const entries: fc.Arbitrary<DrawnEntry[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: rows.map((entry) => ({ kind: 'rows' as const, entry })) },
    { weight: 2, arbitrary: points.map((entry) => ({ kind: 'points' as const, entry })) },
  ),
  { minLength: 3, maxLength: 10 },
);

/** An entry as a change of a run that is `named`. */
export function changeOf({ kind, entry }: DrawnEntry, named: (run: string) => string, firstRow: number): Change {
  const { attempt, lines } = entry;
  const run = named(entry.run);
  if (kind === 'points') {
    const [metrics, ofSteps, ofTimes, values] = [0, 1, 2, 3].map((i) => lines.map((line) => line[i as 0]));
    return { kind, run, attempt, metrics, steps: ofSteps, times: ofTimes, values } as unknown as Change;
  }
  return {
    kind,
    run,
    attempt,
    table: 't',
    firstRow,
    entryStep: entry.entryStep,
    columns: entry.columns,
    steps: entry.lines.map(([step]) => step),
    times: entry.lines.map(([, time]) => time),
    cells: entry.columns.map((_, c) => entry.lines.map(([, , line]) => line[c] ?? null)),
  };
}

const range = <T>(of: fc.Arbitrary<T>) => fc.record({ from: of, to: of }, { requiredKeys: [] });
const bounds = fc.option(steps, { nil: null });
const spans: fc.Arbitrary<EffectiveSpan[]> = fc.array(
  fc.record({ attempt: fc.integer({ min: 1, max: 2 }), from: bounds, to: bounds }),
  { maxLength: 2 },
);
const scopes: fc.Arbitrary<RunScope[]> = fc
  .uniqueArray(fc.constantFrom(...RUNS), { minLength: 1, maxLength: 3 })
  .chain((runs) =>
    fc.tuple(
      ...runs.map((run) =>
        fc.record(
          {
            run: fc.constant<string>(run),
            effective: fc.record({ spans, sharedSteps: fc.uniqueArray(steps, { maxLength: 2 }) }),
          },
          { requiredKeys: ['run'] },
        ),
      ),
    ),
  );

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    column: fc.constantFrom('reward', 'chars', 'step', 'time'),
    op: fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'),
    value: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -2, max: 2, noNaN: true }), fc.constant('NaN')),
  }),
  fc.record({
    column: fc.constantFrom('key', 'note', 'promptHash'),
    op: fc.constantFrom('eq', 'ne', 'lt', 'ge', 'contains'),
    value: texts,
  }),
  fc.record({ column: fc.constantFrom('mixed', 'meta', 'key'), op: fc.constant('contains' as const), value: texts }),
  fc.record({
    column: fc.constantFrom('key', 'meta', 'mixed'),
    op: fc.constant('matches' as const),
    value: fc.constantFrom('^a', 'b$', 'a.b', '[[:alpha:]]+', '(?i)ALPHA', '\\d', 'x{10,}'),
  }),
  fc.record({ column: fc.constantFrom(...NAMES), op: fc.constant('isNull' as const), value: fc.boolean() }),
  fc.record({ column: fc.constantFrom('ok', 'truncated'), op: fc.constantFrom('eq', 'ne'), value: fc.boolean() }),
  fc.record({ column: fc.constantFrom('meta', 'mixed'), op: fc.constantFrom('eq', 'lt', 'gt'), value: json }),
) as fc.Arbitrary<Condition>;
const filter: fc.Arbitrary<Filter> = fc.array(
  fc.oneof(condition, fc.record({ anyOf: fc.array(condition, { minLength: 1, maxLength: 3 }) })),
  { maxLength: 2 },
) as fc.Arbitrary<Filter>;

const search = fc.record(
  {
    text: fc.oneof(texts, fc.constantFrom('a', 'alpha', '_a', 'K')).filter((text) => text !== ''),
    mode: fc.constantFrom('plain', 'word'),
    case: fc.boolean(),
  },
  { requiredKeys: ['text', 'mode'] },
) as fc.Arbitrary<NonNullable<RowQuery['search']>>;

export const LENS_COLUMNS = { reward: 'reward', truncated: 'truncated', parts: ['partA', 'partB'] };
const lens: fc.Arbitrary<LensQuery> = fc.constantFrom(...LENSES).map((name) => ({
  name,
  columns: LENS_COLUMNS,
  baselines: [{ run: 'one', scope: { run: 'base' } }],
}));

export type DrawnRows = Omit<RowQuery, 'position' | 'table'> & { orderBy: OrderBy; preview?: number };

export const rowQuery: fc.Arbitrary<DrawnRows> = fc.record(
  {
    scopes,
    latest: fc.boolean(),
    steps: range(steps),
    times: range(times),
    filter,
    search,
    lens,
    orderBy: fc.array(
      fc.record({
        column: fc.constantFrom(...NAMES, 'step', 'time', 'run'),
        direction: fc.constantFrom('asc', 'desc'),
      }),
      { maxLength: 2 },
    ) as fc.Arbitrary<OrderBy>,
    preview: fc.constantFrom(0, 3, 300),
  },
  { requiredKeys: ['scopes', 'latest', 'orderBy'] },
) as fc.Arbitrary<DrawnRows>;

export const seriesQuery: fc.Arbitrary<Omit<SeriesQuery, 'position'>> = fc.record(
  {
    scopes,
    metrics: fc.uniqueArray(fc.constantFrom<string>(...METRICS), { minLength: 1 }),
    at: fc.constantFrom<string>(...METRICS),
    x: fc.constantFrom('step', 'time'),
    steps: range(steps),
    times: range(times),
    maxPoints: fc.constantFrom(3, 5, 8, 1_000),
    reduce: fc.constantFrom('extremes', 'mean', 'last', 'none'),
    everyAttempt: fc.boolean(),
  },
  { requiredKeys: ['scopes', 'metrics', 'x', 'maxPoints', 'reduce', 'everyAttempt'] },
) as fc.Arbitrary<Omit<SeriesQuery, 'position'>>;

export { METRICS, NAMES, RUNS };
