import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SeriesQuery } from '../../EngineReads';
import { Database } from '../Database';
import type { Layout } from '../Layout';
import { loadLayout } from '../loadLayout';
import { migrate } from '../migrate';
import { writePoints } from '../writePoints';
import { KnownCounts } from './KnownCounts';
import { readSeries } from './series';

let folder: string;
let database: Database;
let layout: Layout;
let position = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-pass-'));
  database = await Database.open(folder);
  await migrate(database.writer);
  layout = await loadLayout(database);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
/** Steps come once in an attempt, in any order, or there is none; times come again. */
const logged = fc.uniqueArray(
  fc.record({ step: fc.integer({ min: -200, max: 200 }), time: fc.integer({ min: 0, max: 60 }), value }),
  { selector: ({ step }) => step, maxLength: 80 },
);
const runs = ['a', 'b'];
const bound = fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined });
const asked = fc.record({
  x: fc.constantFrom('step' as const, 'time' as const),
  maxPoints: fc.integer({ min: 5, max: 60 }),
  everyAttempt: fc.boolean(),
  isGrouped: fc.boolean(),
  isBack: fc.boolean(),
  from: bound,
  to: bound,
});

/** In the order of their names, since engines give series in any. */
const inOrder = <T extends { run: string; metric: string; attempt?: number }>(series: T[]) =>
  series.toSorted((a, b) =>
    JSON.stringify([a.run, a.metric, a.attempt]).localeCompare(JSON.stringify([b.run, b.metric, b.attempt])),
  );

it('a question that was asked before, and is read without being counted first, has the answer that it had', async () => {
  const parts = fc.array(
    fc.tuple(fc.constantFrom(...runs), fc.constantFrom('m', 'n'), fc.integer({ min: 1, max: 2 }), logged),
    {
      minLength: 1,
      maxLength: 5,
    },
  );
  let round = 0;
  await fc.assert(
    fc.asyncProperty(parts, fc.array(asked, { minLength: 3, maxLength: 3 }), async (changes, questions) => {
      round++;
      const own = (run: string) => `${run} ${round}`;
      for (const run of runs) {
        layout.runs.keyOf(own(run));
      }
      layout.metrics.keyOf('m');
      layout.metrics.keyOf('n');
      layout.runs.settle(true);
      layout.metrics.settle(true);
      for (const [run, metric, attempt, points] of changes) {
        const change = {
          kind: 'points' as const,
          run: own(run),
          attempt,
          metrics: points.map(() => metric),
          steps: points.map(({ step }, i) => (i % 9 === 8 ? null : step)),
          times: points.map(({ time }) => time),
          values: points.map((one) => one.value),
        };
        await writePoints(database.writer, layout, [change], ++position);
      }
      for (const { x, maxPoints, everyAttempt, isGrouped, isBack, from, to } of questions) {
        // A run that logged a step twice did not do so in silence: its scope says what counts.
        const effective = { spans: isBack ? [{ attempt: 2, from: 0, to: null }] : [], sharedSteps: [] };
        const query: SeriesQuery = {
          scopes: runs.map((run) => ({ run: own(run), ...(!everyAttempt && { effective }) })),
          metrics: ['m', 'n'],
          x,
          steps: { ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
          maxPoints,
          reduce: 'extremes',
          everyAttempt,
          position,
          ...(isGrouped && x === 'step' && { groups: new Map(runs.map((run) => [own(run), 'g'])) }),
        };
        const known = new KnownCounts();
        const first = await readSeries(database, layout, query, known);
        expect(known.of(query)).toBe(first.series.reduce((sum, { totalPoints }) => sum + totalPoints, 0));
        const second = await readSeries(database, layout, query, known);
        expect(inOrder(second.series)).toEqual(inOrder(first.series));
      }
    }),
    { numRuns: 40 },
  );
});
