import type { FrameRun } from '@rolloscope/contract/frames';
import type { Series } from '@rolloscope/contract/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatElapsed, formatValue, shortNumber } from './formatValue';
import { layoutOf } from './layoutOf';
import { linesOf, nearestIndex } from './linesOf';
import { pathOf } from './pathOf';
import { linearTicks, padded, pixelOf, ticksOf } from './scale';
import { xText, xTicks } from './xTicks';

const run: FrameRun = {
  id: 'a',
  project: 'p',
  label: 'a',
  color: '#fff',
  state: 'running',
  createdAt: 1_000,
  updatedAt: 0,
};
const series = (values: Series['value'], more: Partial<Series> = {}): Series => ({
  run: 'a',
  metric: 'm',
  step: values.map((_, i) => i),
  time: values.map((_, i) => 1_000 + i * 1_000),
  value: values,
  totalPoints: values.length,
  ...more,
});
const draw = (values: Series['value'], isLog = false, smoothing = 0) =>
  linesOf([series(values)], [run], { isLog, x: 'step', smoothing });
const SIZE = { width: 400, height: 180, axis: 'step', isLog: false, range: undefined, unit: undefined } as const;

describe('ticks', () => {
  it('are round, ascending and within the scale, whatever the scale', () => {
    const any = fc.double({ noNaN: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(any, any, fc.integer({ min: 1, max: 12 }), (a, b, count) => {
        const [min, max] = padded(Math.min(a, b), Math.max(a, b), false);
        const ticks = linearTicks(min, max, count);
        expect(ticks.length).toBeLessThanOrEqual(count * 3 + 2);
        const room = (max - min) * 1e-6;
        expect(ticks.every((tick, i) => i === 0 || tick > (ticks[i - 1] ?? tick))).toBe(true);
        expect(ticks.every((tick) => tick >= min - room && tick <= max + room)).toBe(true);
      }),
    );
  });

  it('of a logarithmic scale are powers of ten, with 2 and 5 where there are few', () => {
    expect(ticksOf({ min: 0.9, max: 1.1e6, isLog: true }, 10)).toEqual([1, 10, 100, 1e3, 1e4, 1e5, 1e6]);
    expect(ticksOf({ min: 0.9, max: 60, isLog: true }, 5)).toEqual([1, 2, 5, 10, 20, 50]);
  });

  it('of few steps are whole steps, each once', () => {
    expect(xTicks('step', 0, 3, 8)).toEqual([0, 1, 2, 3]);
  });

  it('of times are whole minutes and hours', () => {
    expect(xTicks('elapsed', 0, 3_700, 4)).toEqual([0, 1_800, 3_600]);
    expect(xTicks('elapsed', 0, 50, 4)).toEqual([0, 15, 30, 45]);
  });
});

describe('lines', () => {
  it('break where there is no number, and mark the place at the height before it', () => {
    const [line] = draw([1, 'NaN', 3, 4, 'Infinity']);
    expect(line?.odd).toEqual({ at: [1, 4], heights: [1, 4] });
    const layout = layoutOf(line ? [line] : [], SIZE);
    const { d, single } = pathOf(line?.xs ?? [], line?.values ?? [], [layout?.x, layout?.y] as never, new Set([1, 4]));
    expect(d.match(/M/g)).toHaveLength(1);
    expect(single).toHaveLength(1);
  });

  it('of a logarithmic scale leave out what is not above 0, and say so', () => {
    const [line] = draw([10, 0, -1, 100], true);
    expect(line?.odd.at).toEqual([1, 2]);
    const layout = layoutOf(line ? [line] : [], { ...SIZE, isLog: true });
    expect(layout?.y.min).toBeGreaterThan(0);
    expect(layoutOf(draw([-1, 0], true), { ...SIZE, isLog: true })).toBeUndefined();
  });

  it('are not flattened by one value that dwarfs them', () => {
    expect(layoutOf(draw([1, 2, 1e300, 3]), SIZE)?.y.max).toBeLessThan(4);
  });

  it('of nothing but NaN have a scale to mark them on', () => {
    expect(layoutOf(draw(['NaN', 'NaN']), SIZE)).toBeDefined();
    expect(layoutOf([], SIZE)).toBeUndefined();
  });

  it('keep what was logged beside what is smoothed', () => {
    const [line] = draw([0, 1], false, 0.5);
    expect(line?.values).toEqual([0, 1]);
    expect(line?.smoothed?.values).toEqual([0, expect.closeTo(2 / 3, 9)]);
  });

  it('smooth the means where the points are those that stand out', () => {
    const means = [series([2, 2])];
    const [line] = linesOf([series([0, 4], { totalPoints: 90 })], [run], {
      isLog: false,
      x: 'step',
      smoothing: 0.5,
      means,
    });
    expect(line?.smoothed?.values).toEqual([2, 2]);
  });

  it('without steps lie along the time since the start of the run', () => {
    const stepless = series([1, 2], { step: [null, null] });
    const by = (x: 'step' | 'elapsed') => linesOf([stepless], [run], { isLog: false, x, smoothing: 0 });
    expect(by('step')).toEqual([]);
    expect(by('elapsed')[0]?.xs).toEqual([0, 1]);
  });
});

it.each([2, 7, 30, 99, 180, 640, 1_234, 99_999, 1_000_000])(
  'the steps of a narrow chart have several labels, which do not touch: %s steps',
  (last) => {
    for (const width of [240, 330]) {
      const [line] = linesOf([series([1, 2], { step: [1, last] })], [run], { isLog: false, x: 'step', smoothing: 0 });
      const { x, xTicks: places = [] } = layoutOf(line ? [line] : [], { ...SIZE, width }) ?? {};
      expect(places.length, `${width} pixels`).toBeGreaterThan(1);
      const edges = places.map((place) => {
        const half = (xText('step', place).length * 6.2) / 2;
        return [pixelOf(x as never, place) - half, pixelOf(x as never, place) + half] as const;
      });
      const gaps = edges.slice(1).map(([left], i) => left - (edges[i]?.[1] ?? 0));
      expect(Math.min(...gaps), `${width} pixels`).toBeGreaterThan(4);
    }
  },
);

it('a single point, and a line without an extent, stand in the middle', () => {
  const layout = layoutOf(draw([5]), SIZE);
  expect(pixelOf(layout?.x as never, 0)).toBeCloseTo(((layout?.x.from ?? 0) + (layout?.x.to ?? 0)) / 2);
  expect(pixelOf(layout?.y as never, 5)).toBeCloseTo(((layout?.y.from ?? 0) + (layout?.y.to ?? 0)) / 2);
});

it('finds the point that is nearest', () => {
  expect([-9, 1.4, 1.6, 99].map((x) => nearestIndex([0, 1, 2, 5], x))).toEqual([0, 1, 2, 3]);
  expect(nearestIndex([], 1)).toBe(-1);
});

it('writes numbers short', () => {
  expect([0, 12, 0.123456, 1e-6, 1.5e9, -0.5].map((value) => shortNumber(value))).toEqual([
    '0',
    '12',
    '0.1235',
    '1e-6',
    '1.5e+9',
    '-0.5',
  ]);
  expect([
    formatValue(0.833, 'percentunit'),
    formatValue(Number.NaN, 's'),
    formatElapsed(3_909),
    formatElapsed(42),
  ]).toEqual(['83.3%', 'NaN', '1:05:09', '0:42']);
});
