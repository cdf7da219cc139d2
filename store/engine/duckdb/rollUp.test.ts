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
import { readSeries } from './read/series';
import { PEAK_SHIFT, rollUp } from './rollUp';
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

async function write(run: string, points: Array<[step: number | null, value: number]>): Promise<void> {
  const [steps, values] = [points.map(([step]) => step), points.map(([, value]) => value)];
  const metrics = points.map(() => 'm');
  const times = points.map((_, i) => 1_000 + i);
  const change = { kind: 'points' as const, run, attempt: 1, metrics, steps, times, values };
  await writePoints(database.writer, layout, [change], ++position);
}

/** The same store, with nothing rolled up. */
const unrolled = (): Layout => Object.assign(Object.create(layout) as Layout, { rolled: [] });

const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
/** Commits of points at steps of their own, in any order, far enough apart for buckets as wide as those of `peaks`. */
const commits = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 150 }), value), { minLength: 1, maxLength: 250 })
  .chain((gaps) => {
    let step = -5_000;
    const points = gaps.map(([gap, v]): [number | null, number] => {
      step += gap;
      return [step, v];
    });
    return fc.tuple(fc.constant(points), fc.array(fc.nat(points.length), { maxLength: 4 }), fc.boolean());
  })
  .map(([points, cuts, backwards]) => {
    const ends = [...new Set([...cuts, points.length])].sort((a, b) => a - b);
    const parts = ends.map((end, i) => points.slice(ends[i - 1] ?? 0, end)).filter((part) => part.length > 0);
    return backwards ? parts.reverse() : parts;
  });

it('a read of what was rolled up is the read of every point, at every moment and in every range', async () => {
  const bound = fc.option(fc.integer({ min: -6_000, max: 20_000 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(commits, fc.integer({ min: 5, max: 80 }), bound, bound, async (parts, maxPoints, from, to) => {
      const run = `run ${++runs}`;
      layout.runs.keyOf(run);
      const begin = position;
      for (const [i, part] of parts.entries()) {
        await write(run, i === 0 ? [...part, [null, 7]] : part);
        await rollUp(database.writer, layout, 1, 40);
      }
      const steps = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
      const ask: SeriesQuery = {
        scopes: [{ run }],
        metrics: ['m'],
        x: 'step',
        steps,
        maxPoints,
        reduce: 'extremes',
        everyAttempt: false,
        position,
      };
      const moments = [position, position - 1].filter((at) => at > begin);
      const asked = moments.flatMap((at) => [
        { ...ask, position: at },
        { ...ask, position: at, since: Math.max(begin + 1, at - 1) },
      ]);
      for (const one of asked) {
        expect(await readSeries(database, layout, one)).toEqual(await readSeries(database, unrolled(), one));
      }
    }),
    { numRuns: 50 },
  );
  expect(layout.rolled.length).toBeGreaterThan(50);
});

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
  expect((await after.read('SELECT count(*)::INTEGER FROM peaks')).at(0)).toEqual([0]);
  after.close();
  await rm(place, { recursive: true, force: true });
});
