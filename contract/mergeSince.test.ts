import { expect, it } from 'vitest';
import { mergeSince } from './mergeSince';
import type { MetricsAnswer, Series } from './types';

const series = (partial: Partial<Series>): Series => ({
  run: 'a',
  metric: 'm',
  step: [1, 2, 3],
  time: [10, 20, 30],
  value: [0.1, 0.2, 0.3],
  totalPoints: 3,
  ...partial,
});
const answer = (asOf: string, ...all: Series[]): MetricsAnswer => ({ series: all, asOf });

it('replaces a series from the x on that the store says, and leaves the others as they are', () => {
  const other = series({ run: 'b' });
  const fresh = series({ from: 3, step: [3, 4], time: [30, 40], value: ['NaN', 0.5], totalPoints: 4 });
  const merged = mergeSince(answer('1', series({}), other), answer('2', fresh), 'step');
  expect(merged.series[0]).toEqual(
    series({ step: [1, 2, 3, 4], time: [10, 20, 30, 40], value: [0.1, 0.2, 'NaN', 0.5], totalPoints: 4 }),
  );
  expect(merged.series[1]).toBe(other);
  expect(merged.asOf).toBe('2');
});

it('takes the time where the points are over time, and bands along', () => {
  const known = series({ spread: [0, 0, 0], group: 'g' });
  const fresh = series({ group: 'g', from: 20, step: [null, 3], time: [20, 30], value: [7, 8], spread: [1, 2] });
  const [merged] = mergeSince(answer('1', known), answer('2', fresh), 'time').series;
  expect(merged).toMatchObject({ step: [1, null, 3], value: [0.1, 7, 8], spread: [0, 1, 2] });
});

it('adds a series that is new behind the others, so that none of them changes its place', () => {
  const merged = mergeSince(
    answer('1', series({})),
    answer('2', series({ metric: 'a' }), series({ attempt: 2 })),
    'step',
  );
  expect(merged.series.map(({ metric, attempt }) => [metric, attempt])).toEqual([
    ['m', undefined],
    ['a', undefined],
    ['m', 2],
  ]);
});
