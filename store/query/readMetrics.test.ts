import type { LogEntry, MetricsRequest, MetricValue, Run, Series } from '@rolloscope/contract/types';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
let runs = 0;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const freshRun = () => `run ${++runs}`;

async function read(run: string, request: Partial<MetricsRequest> = {}): Promise<Series> {
  const { series } = await store.reader.metrics({ runs: [run], metrics: ['m'], ...request }, FULL_ACCESS);
  expect(series).toHaveLength(1);
  return series[0] as Series;
}

interface Point {
  step: number | null;
  time: number;
  value: MetricValue;
}

const pointsOf = ({ step, time, value }: Series): Point[] =>
  step.map((one, i) => ({ step: one, time: time[i] ?? -1, value: value[i] ?? -1 }));

const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 2, arbitrary: fc.double({ noDefaultInfinity: true, noNaN: true }).map((x) => x + 0) },
  { weight: 1, arbitrary: fc.constantFrom<MetricValue>('NaN', 'Infinity', '-Infinity') },
);
/** Forward steps, also below 0, with jumps, now and then going back. */
const steps = fc
  .tuple(fc.integer({ min: -300, max: 10 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 150 }))
  .map(([start, gaps]) => {
    let step = start;
    return gaps.map((gap) => {
      step += gap;
      return step;
    });
  });

async function logPoints(run: string, points: readonly Point[]): Promise<void> {
  const entries = points.map(
    ({ step, time, value: m }): LogEntry => ({ ...(step !== null && { step }), time, metrics: { m } }),
  );
  await store.log(run, entries);
}

const hasNumber = ({ value: v }: Point) => typeof v === 'number';
const number = ({ value: v }: Point) => Number(v);

/** What `extremes` promises, from every point: the smallest power of two that fits, buckets anchored at 0. */
function reduced(points: readonly Point[], maxPoints: number, x: (point: Point) => number): Point[] {
  if (points.length <= maxPoints) {
    return [...points];
  }
  const nonFinite = points.some((point) => !hasNumber(point)) && maxPoints > 4;
  const allowed = Math.max(1, Math.floor(maxPoints / (nonFinite ? 5 : 4)));
  const bucketed = (width: number) => {
    const buckets = new Map<number, Point[]>();
    for (const point of points) {
      const key = Number.isFinite(width) ? Math.floor(x(point) / width) : 0;
      buckets.set(key, [...(buckets.get(key) ?? []), point]);
    }
    return buckets;
  };
  const span = (width: number) => {
    const all = points.map(x);
    return Math.floor(Math.max(...all) / width) - Math.floor(Math.min(...all) / width) + 1;
  };
  let width = 1;
  while (width < 2 ** 60 && span(width) > allowed) {
    width *= 2;
  }
  const picked = new Set<Point>();
  for (const bucket of bucketed(width < 2 ** 60 ? width : Number.POSITIVE_INFINITY).values()) {
    const finite = nonFinite ? bucket.filter(hasNumber) : bucket;
    // NaN is the highest, and as high as any other NaN.
    const rank = (point: Point) => (Number.isNaN(number(point)) ? 1 : 0);
    const order = (a: Point, b: Point) => rank(a) - rank(b) || (rank(a) === 1 ? 0 : number(a) - number(b));
    const lowest = finite.reduce<Point | undefined>(
      (best, one) => (!best || order(one, best) < 0 ? one : best),
      undefined,
    );
    const highest = finite.reduce<Point | undefined>(
      (best, one) => (!best || order(one, best) > 0 ? one : best),
      undefined,
    );
    for (const one of [
      bucket[0],
      lowest,
      highest,
      bucket.at(-1),
      nonFinite ? bucket.find((p) => !hasNumber(p)) : undefined,
    ]) {
      if (one) {
        picked.add(one);
      }
    }
  }
  return points.filter((point) => picked.has(point));
}

describe('extremes', () => {
  it('are each bucket’s first, lowest, highest and last point, and no more than asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        steps.chain((all) =>
          fc.tuple(fc.constant(all), fc.array(value, { minLength: all.length, maxLength: all.length })),
        ),
        fc.integer({ min: 4, max: 60 }),
        fc.constantFrom('step' as const, 'time' as const),
        async ([all, values], maxPoints, x) => {
          const run = freshRun();
          const points = all.map((step, i) => ({ step, time: 1_000_000 + i * 7, value: values[i] ?? 0 }));
          await logPoints(run, points);
          const series = await read(run, { x, maxPoints });
          expect(series.totalPoints).toBe(points.length);
          expect(series.step.length).toBeLessThanOrEqual(maxPoints);
          expect(pointsOf(series)).toEqual(reduced(points, maxPoints, (point) => Number(point[x])));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('does not shift when a narrower range is asked for at the same width', async () => {
    const run = freshRun();
    const points = Array.from({ length: 512 }, (_, step) => ({ step, time: step, value: (step * 7919) % 101 }));
    await logPoints(run, points);
    const whole = pointsOf(await read(run, { maxPoints: 128 }));
    const part = pointsOf(await read(run, { maxPoints: 64, steps: { from: 128, to: 383 } }));
    expect(part).toEqual(whole.filter(({ step }) => step !== null && step >= 128 && step <= 383));
  });

  it('keeps the one value of a bucket that begins and ends with none', async () => {
    const run = freshRun();
    const points = Array.from({ length: 16 }, (_, step) => {
      return { step, time: step, value: step === 0 || step === 15 ? ('NaN' as const) : 1 };
    });
    await logPoints(run, points);
    expect(pointsOf(await read(run, { maxPoints: 5 }))).toEqual([points[0], points[1], points[15]]);
  });

  it('takes a flat metric, and one of many points at one moment', async () => {
    const run = freshRun();
    const points = Array.from({ length: 300 }, (_, step) => ({ step, time: 5_000, value: 1 }));
    await logPoints(run, points);
    expect(pointsOf(await read(run, { maxPoints: 4 }))).toEqual([points[0], points[299]]);
    expect(pointsOf(await read(run, { maxPoints: 8, x: 'time' }))).toEqual([points[0], points[299]]);
  });
});

describe('other reductions', () => {
  it('give one point a bucket, at its last step', async () => {
    const run = freshRun();
    const points = Array.from({ length: 40 }, (_, i) => ({ step: i - 20, time: 1_000 + i, value: i }));
    await logPoints(run, points);
    const last = await read(run, { reduce: 'last', maxPoints: 10 });
    expect(last.step).toEqual([-17, -13, -9, -5, -1, 3, 7, 11, 15, 19]);
    expect(last.value).toEqual([3, 7, 11, 15, 19, 23, 27, 31, 35, 39]);
    const mean = await read(run, { reduce: 'mean', maxPoints: 10 });
    expect(mean.step).toEqual(last.step);
    expect(mean.time).toEqual(last.time);
    expect(mean.value).toEqual([1.5, 5.5, 9.5, 13.5, 17.5, 21.5, 25.5, 29.5, 33.5, 37.5]);
    expect((await read(run, { reduce: 'none', maxPoints: 4 })).step).toHaveLength(40);
  });
});

/** Each step from the newest attempt that reached it; the last logged point of that attempt wins. */
function effective(series: readonly Series[], run: Run): Array<[step: number, value: MetricValue]> {
  const reached = new Map(series.map(({ attempt = 1, step }) => [attempt, Math.max(...step.map(Number))]));
  const owner = (step: number, own: number) =>
    run.attempts.findLast(
      ({ n, fromStep }) => n > own && step >= fromStep && step <= Math.max(fromStep, reached.get(n) ?? fromStep),
    );
  const kept = new Map<number, MetricValue>();
  for (const { attempt = 1, step, value: values } of series) {
    step.forEach((one, i) => {
      if (one !== null && !owner(one, attempt)) {
        kept.set(one, values[i] ?? 0);
      }
    });
  }
  return [...kept].sort(([a], [b]) => a - b);
}

describe('effective history', () => {
  it('is strictly ascending, each step from the newest attempt that reached it', async () => {
    const stretch = fc.tuple(
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 25 }),
      fc.integer({ min: 1, max: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 5 }), fc.boolean(), async (stretches, atOnce) => {
        const run = freshRun();
        let logged = 0;
        const calls = stretches.map(([start, length, stride]) =>
          Array.from({ length }, (_, i) => ({ step: start + i * stride, time: ++logged, value: logged })),
        );
        for (const points of atOnce ? [calls.flat()] : calls) {
          await logPoints(run, points);
        }
        const record = await store.reader.run(run, FULL_ACCESS);
        const every = await store.reader.metrics(
          { runs: [run], metrics: ['m'], attempts: 'all', reduce: 'none' },
          FULL_ACCESS,
        );
        expect(every.series.reduce((sum, { totalPoints }) => sum + totalPoints, 0)).toBe(logged);
        const series = await read(run, { reduce: 'none' });
        const pairs = series.step.map((step, i) => [step, series.value[i]]);
        expect(pairs).toEqual(effective(every.series, record));
        expect(series.totalPoints).toBe(pairs.length);
        expect(series.step.every((step, i) => i === 0 || Number(step) > Number(series.step[i - 1]))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('asOf and since', () => {
  it('what changed, put over what was known, is what a whole read gives', async () => {
    const batch = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), value), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 4, max: 40 }),
        fc.constantFrom('extremes' as const, 'mean' as const, 'last' as const, 'none' as const),
        async (batches, maxPoints, reduce) => {
          const run = freshRun();
          const ask = { runs: [run], metrics: ['m'], maxPoints, reduce };
          let step = 0;
          let known: Point[] = [];
          let asOf: string | undefined;
          for (const gaps of batches) {
            await logPoints(
              run,
              gaps.map(([gap, v]) => {
                step += gap;
                return { step, time: step, value: v };
              }),
            );
            const answer = await store.reader.metrics({ ...ask, ...(asOf && { since: asOf }) }, FULL_ACCESS);
            const whole = await store.reader.metrics({ ...ask, asOf: answer.asOf }, FULL_ACCESS);
            const fresh = answer.series[0];
            if (answer.reset) {
              known = pointsOf(whole.series[0] as Series);
            } else if (fresh) {
              const { from } = fresh;
              known = [...known.filter((point) => from !== undefined && Number(point.step) < from), ...pointsOf(fresh)];
            }
            expect(known).toEqual(pointsOf(whole.series[0] as Series));
            asOf = answer.asOf;
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('shows the moment asked for, however much came after', async () => {
    const run = freshRun();
    await logPoints(run, [{ step: 1, time: 1, value: 1 }]);
    const { asOf } = await store.reader.metrics({ runs: [run], metrics: ['m'] }, FULL_ACCESS);
    await logPoints(run, [{ step: 2, time: 2, value: 2 }]);
    expect((await read(run, { asOf })).step).toEqual([1]);
    expect((await read(run)).step).toEqual([1, 2]);
    await expect(read(run, { asOf: 'other.1' })).rejects.toMatchObject({ code: 'invalid_as_of' });
  });
});

describe('x', () => {
  it('of another metric joins by step before anything is left out', async () => {
    const run = freshRun();
    const entries = Array.from({ length: 1_000 }, (_, step): LogEntry => {
      return { step, time: step, metrics: { m: step % 17, ...(step % 100 === 50 && { tokens: step * 2 }) } };
    });
    await store.log(run, entries);
    const series = await read(run, { x: { metric: 'tokens' }, maxPoints: 20 });
    expect(series.step).toEqual([50, 150, 250, 350, 450, 550, 650, 750, 850, 950]);
    expect(series.x).toEqual(series.step.map((step) => Number(step) * 2));
    expect(series.totalPoints).toBe(10);
  });

  it('of time shows points without a step, which a step chart leaves out', async () => {
    const run = freshRun();
    await logPoints(run, [
      { step: null, time: 5, value: 1 },
      { step: 3, time: 6, value: 2 },
      { step: null, time: 7, value: 'NaN' },
    ]);
    expect(pointsOf(await read(run, { x: 'time' }))).toEqual([
      { step: null, time: 5, value: 1 },
      { step: 3, time: 6, value: 2 },
      { step: null, time: 7, value: 'NaN' },
    ]);
    expect((await read(run)).step).toEqual([3]);
  });
});

describe('groups', () => {
  it('join members by step into mean and spread, non-finite ones too', async () => {
    const names = [freshRun(), freshRun(), freshRun()];
    for (const [i, name] of names.entries()) {
      await store.writer.putRun(name, { project: 'p', group: `job ${names[0]}` }, FULL_ACCESS);
      const entries: LogEntry[] = [{ step: 1, time: 1, metrics: { m: i } }];
      await store.log(name, i === 2 ? [...entries, { step: 2, time: 2, metrics: { m: 'Infinity' } }] : entries);
    }
    const { series } = await store.reader.metrics({ runs: names, metrics: ['m'], groupBy: 'group' }, FULL_ACCESS);
    expect(series).toHaveLength(1);
    expect(series[0]).toMatchObject({ run: names[0], step: [1, 2], value: [1, 'Infinity'] });
    expect(series[0]?.spread?.[0]).toBeCloseTo(Math.sqrt(2 / 3));
    expect(series[0]?.spread?.[1]).toBe(0);
  });
});

describe('names', () => {
  it('of any kind come back, and one that exists is never read as a glob', async () => {
    const name = fc.string({ minLength: 1, maxLength: 256, unit: fc.constantFrom(...'\'"/\\\n%*_$;-- é😀a\0') });
    await fc.assert(
      fc.asyncProperty(name, name, async (metric, run) => {
        await store.log(run, [{ step: 1, time: 1, metrics: { [metric]: 1, 'a/other': 2 } }]);
        const { series } = await store.reader.metrics({ runs: [run], metrics: [metric] }, FULL_ACCESS);
        expect(series).toMatchObject([{ run, metric, step: [1] }]);
      }),
      { numRuns: 40 },
    );
  });

  it('says what is missing, and refuses when nothing is left', async () => {
    const run = freshRun();
    await logPoints(run, [{ step: 1, time: 1, value: 1 }]);
    const answer = await store.reader.metrics({ runs: [run, 'nobody'], metrics: ['m*', 'x'] }, FULL_ACCESS);
    expect(answer.missing).toEqual({ runs: ['nobody'], metrics: ['x'] });
    expect(answer.series).toHaveLength(1);
    const none = store.reader.metrics({ runs: [run], metrics: ['x'] }, FULL_ACCESS);
    await expect(none).rejects.toMatchObject({ code: 'metric_not_found' });
  });
});
