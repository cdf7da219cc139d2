import { binEdges } from '@rolloscope/contract/bins';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf } from '../data/frame/bins';
import { compileFilter } from '../data/frame/compileFilter';
import { gridOf } from '../data/frame/gridOf';
import { histogramOf } from '../data/frame/histogramOf';
import { conditionsOf, type Span, spanOf } from './axisFilter';
import { describeHeat, describeSpot } from './describeHeat';
import { type Axis, heatModel } from './HeatModel';
import { heatLayout, roundTicks, spotAt, stepTicks, yOf } from './heatLayout';

const bins = (edges: number[]): Axis => ({
  column: 'reward',
  ends: 'half',
  ranges: edges.slice(1).map((to, i) => [edges[i] ?? to, to]),
});
const steps = (list: number[]): Axis => ({ column: 'step', ends: 'whole', ranges: list.map((step) => [step, step]) });
const value = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(0, 1, 1.1, -0.1));
const span = (count: number): fc.Arbitrary<Span> =>
  fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).map(([a, b]): Span => [Math.min(a, b), Math.max(a, b)]);

describe('a choice of bins', () => {
  it('finds, as a filter, exactly the rows that the bins count', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 60 }).chain((values) => {
          const edges = binEdges(Math.min(...values), Math.max(...values), 7);
          return fc.tuple(fc.constant(values), fc.constant(edges), span(edges.length - 1));
        }),
        async ([values, edges, [first, last]]) => {
          const holds = await compileFilter(conditionsOf(bins(edges), [first, last]), [
            { name: 'reward', type: 'number' },
          ]);
          const found = values.filter((one) => holds(() => one));
          const counted = values.filter((one) => binOf(one, edges) >= first && binOf(one, edges) <= last);
          expect(found).toEqual(counted);
        },
      ),
    );
  });

  it('comes back from its own filter, among others', () => {
    const axis = bins([0, 0.25, 0.5, 0.75, 1]);
    const other = [{ column: 'response', op: 'contains' as const, value: 'x' }];
    fc.assert(
      fc.property(span(4), (chosen) => {
        expect(spanOf(axis, [...other, ...conditionsOf(axis, chosen)])).toEqual(chosen);
      }),
    );
    fc.assert(
      fc.property(span(5), (chosen) => {
        const of = steps([1, 2, 5, 9, 10]);
        expect(spanOf(of, conditionsOf(of, chosen))).toEqual(chosen);
      }),
    );
    expect(spanOf(axis, other)).toBeUndefined();
  });

  it('is one condition for one step, and shows what someone typed', () => {
    expect(conditionsOf(steps([1, 2, 3]), [1, 1])).toEqual([{ column: 'step', op: 'eq', value: 2 }]);
    expect(conditionsOf(steps([1, 2, 3]), [5, 6])).toEqual([]);
    const axis = bins([0, 0.5, 1]);
    expect(spanOf(axis, [{ column: 'reward', op: 'gt', value: 0.7 }])).toEqual([1, 1]);
    expect(spanOf(axis, [{ column: 'reward', op: 'lt', value: 0.5 }])).toEqual([0, 0]);
    expect(spanOf(axis, [{ column: 'reward', op: 'in', value: [0.1, 1] }])).toEqual([0, 1]);
    expect(spanOf(axis, [{ column: 'reward', op: 'gt', value: 3 }])).toBeUndefined();
  });
});

describe('the layout', () => {
  it('finds the cell under any point within it', () => {
    const size = { columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 30 }) };
    fc.assert(
      fc.property(
        fc.record({ ...size, width: fc.integer({ min: 200, max: 2000 }) }).chain((one) =>
          fc.record({
            ...Object.fromEntries(Object.entries(one).map(([k, v]) => [k, fc.constant(v)])),
            i: fc.nat(one.columns - 1),
            j: fc.nat(one.rows - 1),
          } as {
            columns: fc.Arbitrary<number>;
            rows: fc.Arbitrary<number>;
            width: fc.Arbitrary<number>;
            i: fc.Arbitrary<number>;
            j: fc.Arbitrary<number>;
          }),
        ),
        ({ columns, rows, width, i, j }) => {
          const layout = heatLayout(width, 120, columns, rows);
          const x = layout.left + (i + 0.5) * layout.cellWidth;
          const y = layout.top + layout.height - (j + 0.5) * layout.cellHeight;
          expect(spotAt(layout, columns, rows, x, y)).toEqual({ column: i, row: j });
          expect(layout.left + layout.width).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('takes the axes for whole ranges', () => {
    const layout = heatLayout(400, 120, 4, 5);
    expect(spotAt(layout, 4, 5, layout.left + 1, layout.top + layout.height + 9)).toEqual({ column: 0 });
    expect(spotAt(layout, 4, 5, 3, layout.top + 1)).toEqual({ row: 4 });
    expect(spotAt(layout, 4, 5, 5_000, -50)).toEqual({ column: 3, row: 4 });
  });

  it('has round numbers between the ends', () => {
    expect(roundTicks(-0.1, 1.1, 4)).toEqual([0, 0.5, 1]);
    expect(roundTicks(3, 97, 4)).toEqual([50]);
    expect(roundTicks(5, 5, 4)).toEqual([5]);
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(roundTicks(low, high, 5).every((tick) => tick >= low - 1e-9 && tick <= high + 1e-9)).toBe(true);
      }),
    );
  });

  it('labels round steps, and keeps labels apart', () => {
    const ranges = (list: number[]) => list.map((step) => [step, step] as const);
    const every = ranges(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(stepTicks(every, 6, 60).map(({ step }) => step)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(stepTicks(ranges([3, 7]), 50, 40).map(({ step }) => step)).toEqual([3, 7]);
    expect(stepTicks(ranges([5]), 50, 40)).toEqual([{ index: 0, step: 5 }]);
    const spread = fc.uniqueArray(fc.nat(10_000), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(spread, (list) => {
        const ticks = stepTicks(ranges(list.sort((a, b) => a - b)), 8, 60);
        expect(ticks.every(({ index }, i) => i === 0 || (index - (ticks[i - 1]?.index ?? 0)) * 8 >= 45)).toBe(true);
      }),
    );
  });

  it('keeps values within', () => {
    const layout = heatLayout(400, 120, 4, 5);
    expect(yOf(layout, 0, 1, 0.5)).toBeCloseTo(layout.top + layout.height / 2);
    expect(yOf(layout, 0, 1, 9)).toBe(layout.top);
  });
});

describe('the model', () => {
  it('counts every finite value once, by step and in a grid', () => {
    const rows = fc.array(fc.tuple(fc.nat(900), value, fc.nat(5_000)), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(rows, (list) => {
        const [at, rewards, chars] = [0, 1, 2].map((i) => list.map((row) => row[i] ?? 0));
        const binned = [histogramOf(rewards ?? [], at ?? [], 20), gridOf(rewards ?? [], chars ?? [], 20, 30)];
        for (const one of binned) {
          const model = heatModel(one, { column: 'reward', by: 'x' });
          expect(model?.counts.flat().reduce((a, b) => a + b, 0)).toBe(list.length);
          expect(model?.totals.reduce((a, b) => a + b, 0)).toBe(list.length);
          expect(model?.x.ranges.length).toBeLessThanOrEqual(200);
        }
      }),
    );
  });

  it('is none where no value is finite', () => {
    expect(heatModel(histogramOf([null, Number.NaN], [1, 1], 20), { column: 'reward', by: 'step' })).toBeUndefined();
    expect(heatModel(histogramOf([], [], 20), { column: 'reward', by: 'step' })).toBeUndefined();
  });

  it('says in words what it shows', () => {
    const model = heatModel(histogramOf([0, 1, 1, 1], [1, 1, 2, 2], 2), { column: 'reward', by: 'step' });
    expect(model && describeHeat(model)).toBe(
      '4 rollouts, reward from 0 to 1, step from 1 to 2. Mean 0.5 at step 1, 1 at step 2; lowest 0.5 at step 1, highest 1 at step 2.',
    );
    expect(model && describeSpot(model, { column: 0, row: 1 })).toBe(
      'step 1, reward 0.5 – 1: 1 of 2 rollouts · mean 0.5, median 0.5',
    );
    expect(model && describeSpot(model, { row: 1 })).toBe('reward 0.5 – 1: 3 rollouts');
  });
});
