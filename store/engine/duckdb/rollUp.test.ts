import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPoints, createRun } from '../conformance/changes';
import type { SeriesQuery } from '../EngineReads';
import { Database } from './Database';
import { DuckDbEngine } from './DuckDbEngine';
import type { Layout } from './Layout';
import { loadLayout } from './loadLayout';
import { migrate } from './migrate';
import type { Reads } from './Reads';
import { KnownCounts } from './read/KnownCounts';
import { readLatestPoints } from './read/latestPoints';
import { readSeries } from './read/series';
import { rollUp } from './rollUp';
import { PEAK_SHIFT } from './rollUpSql';
import { DERIVED } from './schema';
import { writePoints } from './writePoints';

let folder: string;
let database: Database;
let layout: Layout;
let position = 0;
let runs = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-rollup-'));
  database = await Database.open(folder);
  await migrate(database.writer);
  layout = await loadLayout(database);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

type Logged = [step: number | null, value: number, time?: number];

async function write(run: string, points: Logged[]): Promise<void> {
  const [steps, values] = [points.map(([step]) => step), points.map(([, value]) => value)];
  const metrics = points.map(() => 'm');
  const times = points.map(([, , time], i) => time ?? 1_000 + i);
  const change = { kind: 'points' as const, run, attempt: 1, metrics, steps, times, values };
  await writePoints(database.writer, layout, [change], ++position);
  // What is not said to be there is found by no read.
  layout.runs.settle(true);
  layout.metrics.settle(true);
}

/** The same store, with nothing rolled up. */
const unrolled = (): Layout => Object.assign(Object.create(layout) as Layout, { rolled: [] });

/** Counts the reads of points that were made of extremes by time. */
function countingReads(): { reads: Reads; ofTimePeaks: () => number } {
  let count = 0;
  const reads = Object.assign(Object.create(database) as Reads, {
    readLists: (sql: string, ...rest: unknown[]) => {
      count += sql.includes('FROM time_peaks') ? 1 : 0;
      return Reflect.apply(database.readLists, database, [sql, ...rest]);
    },
  });
  return { reads, ofTimePeaks: () => count };
}

const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
const ALIKE = 3;
/** Milliseconds between two points: several at a time, clocks that were set back, and now and then a long rest. */
const pause = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 2, arbitrary: fc.integer({ min: -20, max: 200 }) },
  { weight: 1, arbitrary: fc.constant(50_000) },
);
/** Commits of points at steps of their own, in any order, far enough apart for buckets as wide as those of `peaks`. */
const commits = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 150 }), value, pause), { minLength: 1, maxLength: 120 })
  .chain((gaps) => {
    let [step, time] = [-5_000, 0];
    // Each is drawn for a few, that buckets of time fill.
    const points = gaps.flatMap(([gap, v, waited]) =>
      Array.from({ length: ALIKE }, (_, i): Logged => {
        step += gap;
        time += waited;
        // Without a zero below zero, which is no other one in what is sent.
        return [step, i % 5 === 0 ? v : ((v * i) % 3) + 0, time];
      }),
    );
    return fc.tuple(fc.constant(points), fc.array(fc.nat(points.length), { maxLength: 4 }), fc.boolean());
  })
  .map(([points, cuts, backwards]) => {
    const ends = [...new Set([...cuts, points.length])].sort((a, b) => a - b);
    const parts = ends.map((end, i) => points.slice(ends[i - 1] ?? 0, end)).filter((part) => part.length > 0);
    return backwards ? parts.reverse() : parts;
  });

it('a read of what was rolled up is the read of every point, at every moment and in every range', async () => {
  const bound = fc.option(fc.integer({ min: -6_000, max: 100_000 }), { nil: undefined, freq: 1 });
  const { reads, ofTimePeaks } = countingReads();
  let found = 0;
  await fc.assert(
    fc.asyncProperty(commits, fc.integer({ min: 5, max: 80 }), bound, bound, async (parts, maxPoints, from, to) => {
      const run = `run ${++runs}`;
      layout.runs.keyOf(run);
      const begin = position;
      for (const [i, part] of parts.entries()) {
        await write(run, i === 0 ? [...part, [null, 7, part[0]?.[2] ?? 0]] : part);
        await rollUp(database.writer, layout, 1, 40, 8);
      }
      const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
      const ask: SeriesQuery = {
        scopes: [{ run }],
        metrics: ['m'],
        x: 'step',
        steps: range,
        maxPoints,
        reduce: 'extremes',
        everyAttempt: false,
        position,
      };
      const { steps: _, ...rest } = ask;
      const byTime: SeriesQuery = { ...rest, x: 'time', times: range };
      const moments = [position, position - 1].filter((at) => at > begin);
      const asked = [ask, byTime, { ...byTime, times: {}, maxPoints: 5 }].flatMap((one) => [
        ...moments.map((at) => ({ ...one, position: at })),
        { ...one, since: Math.max(begin + 1, position - 1) },
      ]);
      for (const one of asked) {
        // Counts of the one would tell the other which way to take.
        const of = (which: Layout) => readSeries(reads, which, one, new KnownCounts());
        const whole = await of(unrolled());
        found += whole.series.length;
        expect(await of(layout)).toEqual(whole);
      }
    }),
    { numRuns: 30 },
  );
  expect(found).toBeGreaterThanOrEqual(30);
  expect(ofTimePeaks()).toBeGreaterThan(20);
  expect(layout.rolled.length).toBeGreaterThan(30);
}, 600_000);

it('the newest point of each metric is the newest of all, whatever came when, and metrics are in the order of their first', async () => {
  const point = fc.record({
    metric: fc.constantFrom('a', 'b', 'c'),
    step: fc.option(fc.integer({ min: -3, max: 3 }), { nil: null }),
    attempt: fc.integer({ min: 1, max: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(point, { minLength: 1, maxLength: 8 }), { maxLength: 6 }), async (parts) => {
      const run = `newest ${++runs}`;
      layout.runs.keyOf(run);
      const all = parts.flat().map((one, i) => ({ ...one, time: i, value: i / 2 }));
      let left = all;
      for (const { length } of parts) {
        const changes = left.slice(0, length).map(({ metric, step, attempt, time, value: v }) => ({
          kind: 'points' as const,
          ...{ run, attempt, metrics: [metric], steps: [step], times: [time], values: [v] },
        }));
        await writePoints(database.writer, layout, changes, ++position);
        layout.runs.settle(true);
        layout.metrics.settle(true);
        left = left.slice(length);
        if (length % 2 === 0) {
          await rollUp(database.writer, layout, 1, 5);
        }
      }
      const wanted = new Map<string, Omit<(typeof all)[number], 'metric'>>();
      for (const { metric, ...one } of all) {
        const other = wanted.get(metric);
        const [last, least] = [other?.attempt ?? 0, Number.NEGATIVE_INFINITY];
        const isNewer = one.attempt > last || (one.attempt === last && (one.step ?? least) >= (other?.step ?? least));
        wanted.set(metric, isNewer || !other ? one : other);
      }
      const found = (await readLatestPoints(database, layout)).find((one) => one.run === run);
      expect([...(found?.points() ?? [])]).toEqual([...wanted]);
    }),
    { numRuns: 20 },
  );
}, 600_000);

it('reads far fewer lines, and survives another start', async () => {
  const run = 'long';
  layout.runs.keyOf(run);
  await write(
    run,
    Array.from({ length: 20_000 }, (_, step) => [step, Math.sin(step)]),
  );
  while (await rollUp(database.writer, layout, 1, 5_000));
  const key = layout.runs.keyOf(run);
  const kept = await database.read(`SELECT count(*)::INTEGER, sum(points)::INTEGER FROM peaks WHERE run = ${key}`);
  expect(kept.at<number>(0)[0]).toBeLessThanOrEqual((4 * 20_000) / 2 ** PEAK_SHIFT + 8);
  expect(kept.at<number>(1)[0]).toBe(20_000);
  const byTime = await database.read(
    `SELECT count(*)::INTEGER, sum(points)::INTEGER FROM time_peaks WHERE run = ${key}`,
  );
  expect(byTime.at<number>(0)[0]).toBeLessThanOrEqual((4 * 20_000) / 2 ** PEAK_SHIFT + 8);
  expect(byTime.at<number>(1)[0]).toBe(20_000);
  expect((await loadLayout(database)).rolled).toEqual(layout.rolled);
});

it('holds after a start, and a run that is deleted leaves none behind', async () => {
  const place = await mkdtemp(join(tmpdir(), 'rolloscope-rollup-'));
  const create = await DuckDbEngine.open(place);
  const points = createPoints(
    'a',
    Array.from({ length: 3_000 }, (_, step) => step),
  );
  await create.commit([{ kind: 'run', run: createRun('a') }, points]);
  const ask = { scopes: [{ run: 'a' }], metrics: ['loss'], x: 'step', maxPoints: 20, reduce: 'extremes' } as const;
  const before = await create.series({
    ...ask,
    scopes: [{ run: 'a' }],
    metrics: ['loss'],
    everyAttempt: false,
    position: await create.position(),
  });
  expect(await create.checkpoint()).toBe(false);
  await create.close();
  const between = await Database.open(place);
  expect(await rollUp(between.writer, await loadLayout(between), 1, 5_000)).toBe(false);
  between.close();
  const engine = await DuckDbEngine.open(place);
  const query = {
    ...ask,
    scopes: [{ run: 'a' }],
    metrics: ['loss'],
    everyAttempt: false,
    position: await engine.position(),
  };
  expect(await engine.series(query)).toEqual(before);
  await engine.commit([{ kind: 'delete', run: 'a' }]);
  await engine.close();
  const after = await Database.open(place);
  for (const table of DERIVED.filter((name) => name !== 'rolled')) {
    expect((await after.read(`SELECT count(*)::INTEGER FROM ${table}`)).at(0), table).toEqual([0]);
  }
  after.close();
  await rm(place, { recursive: true, force: true });
});
