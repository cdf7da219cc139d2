import fc from 'fast-check';
import { expect } from 'vitest';
import { createRun } from '../../store/engine/conformance/changes';
import type { Engine } from '../../store/engine/Engine';
import type { EngineReads, RunScope } from '../../store/engine/EngineReads';
import {
  changeOf,
  type DrawnEntry,
  type DrawnRows,
  entries,
  LENS_COLUMNS,
  METRICS,
  RUNS,
  rowQuery,
  seriesQuery,
} from './drawn';

/** Draws of data; a draw takes some hundred statements. */
const DRAWS = 4;
/** Milliseconds for the reads of one question: how fast an engine is, is not asked here. */
const PATIENCE = 600_000;

let draw = 0;
let nextRow = 1_000;

/** Draws data and questions, and holds what two engines answer to be the same. */
export async function expectAgreement(engines: readonly [Engine, Engine]): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      entries,
      fc.array(rowQuery, { minLength: 4, maxLength: 8 }),
      fc.array(seriesQuery, { minLength: 2, maxLength: 5 }),
      async (drawn, rowQueries, seriesQueries) => {
        const prefix = `${++draw}-`;
        const named = (run: string) => `${prefix}${run}`;
        await Promise.all([log(engines[0], drawn, named, nextRow), log(engines[1], drawn, named, nextRow)]);
        nextRow += 1_000;
        const scoped = (scopes: readonly RunScope[]) => scopes.map((scope) => ({ ...scope, run: named(scope.run) }));
        for (const query of rowQueries) {
          await agree(engines, query, (engine) => askRows(engine, query, named, scoped));
        }
        for (const query of seriesQueries) {
          await agree(engines, query, async (engine) => {
            const position = await engine.position();
            const { series } = await engine.series({ ...query, scopes: scoped(query.scopes), position });
            return series.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
          });
        }
        await agree(engines, 'what there is', (engine) => askWhatThereIs(engine, named));
      },
    ),
    // To make a failure smaller would take as long as a hundred draws.
    { numRuns: DRAWS, endOnFailure: true },
  );
}

const idOf = (one: { run: string; metric: string; attempt?: number }) => `${one.run} ${one.metric} ${one.attempt}`;

async function log(engine: Engine, drawn: readonly DrawnEntry[], named: (run: string) => string, firstRow: number) {
  await engine.commit(RUNS.map((run) => ({ kind: 'run', run: createRun(named(run)) })));
  let row = firstRow;
  for (const entry of drawn) {
    await engine.commit([changeOf(entry, named, row)]);
    row += entry.entry.lines.length;
  }
}

async function askRows(
  engine: EngineReads,
  { orderBy, preview, ...drawn }: DrawnRows,
  named: (run: string) => string,
  scoped: (scopes: readonly RunScope[]) => RunScope[],
) {
  const lens = drawn.lens && {
    ...drawn.lens,
    baselines: drawn.lens.baselines.map(({ run, scope }) => ({
      run: named(run),
      scope: { ...scope, run: named(scope.run) },
    })),
  };
  const { lens: _, ...rest } = drawn;
  const query = {
    ...rest,
    ...(lens && { lens }),
    scopes: scoped(drawn.scopes),
    table: 't',
    position: await engine.position(),
  };
  const columns = await engine.tableColumns(
    query.scopes.map(({ run }) => run),
    't',
  );
  const names = columns.map(({ name }) => name);
  const there = new Set([...names, 'run', 'step', 'time']);
  const page = await engine.rows(query, {
    columns: ['run', 'step', 'time', ...names],
    orderBy: orderBy.filter(({ column }) => there.has(column)),
    offset: 0,
    limit: 5,
    ...(preview !== undefined && { preview }),
    groupSpread: LENS_COLUMNS,
  });
  return {
    columns,
    page: { ...page, cut: page.cut.sort(([a, b], [c, d]) => a - c || b - d) },
    count: await engine.countRows(query),
    numbers: await engine.rowNumbers(query, []),
    histogram: await engine.histogram(query, 'reward', 4),
    grid: await engine.grid(query, 'reward', 'chars', 3, 2),
    groups: await engine.groups(query, { reward: 'reward', prompt: 'key' }),
    facets: await engine.facets(query, {
      columns: ['run', ...names],
      values: 5,
      lenses: lens ? [lens, { ...lens, name: 'worst' }] : [],
    }),
  };
}

async function askWhatThereIs(engine: EngineReads, named: (run: string) => string) {
  const scopes = RUNS.map((run) => ({ run: named(run) }));
  const reached = (await engine.reached()).filter(({ run }) => scopes.some((scope) => scope.run === run));
  const time = {
    wanted: scopes.flatMap((scope) => METRICS.map((metric) => ({ scope, metric }))),
    times: { from: 1_000, to: 1_040 },
    position: await engine.position(),
    limit: 1_000,
  };
  const aggregates = ['avg', 'count', 'dev', 'first', 'last', 'max', 'min', 'sum', { quantile: 0.3 }] as const;
  const series = [];
  for (const aggregate of aggregates) {
    series.push((await engine.timeSeries({ ...time, bucket: { width: 8, aggregate } })).series);
  }
  return {
    metrics: await engine.metricSummaries(scopes, [...METRICS]),
    tables: await engine.tableSummaries(scopes),
    reached: reached.sort((a, b) => (`${a.run}${a.attempt}` < `${b.run}${b.attempt}` ? -1 : 1)),
    plain: (await engine.timeSeries(time)).series.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)),
    series: series.map((all) => all.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))),
  };
}

async function agree(
  engines: readonly [Engine, Engine],
  query: unknown,
  ask: (engine: EngineReads) => Promise<unknown>,
) {
  const [one, other] = await Promise.all(
    engines.map((engine) => ask(engine.readsFor({ time: { left: PATIENCE } })).then(plain, failed)),
  );
  expect(other, `asked for ${JSON.stringify(query)}`).toEqual(one);
}

const failed = (error: unknown) => ({ failed: error instanceof Error ? error.message : String(error) });

/** Sums of the same numbers in another order differ in their last digits. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') {
    const isExact = !Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) < 1e9);
    return isExact ? value + 0 : Number(value.toPrecision(9));
  }
  if (ArrayBuffer.isView(value)) {
    return Array.from(value as Float64Array, plain);
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, one]) => [key, plain(one)]),
      )
    : value;
}
