import { expect, it } from 'vitest';
import { oddPoints } from './oddPoints';

const [NAN, INFINITE] = [Number.NaN, Number.POSITIVE_INFINITY];

it('finds what is not finite, each at the height that the line had before it', () => {
  expect(oddPoints([1, NAN, INFINITE, 2, NAN])).toEqual({ at: [1, 2, 4], heights: [1, 1, 2] });
  expect(oddPoints([NAN, 3])).toEqual({ at: [0], heights: [3] });
  expect(oddPoints([NAN, -INFINITE])).toEqual({ at: [0, 1], heights: [0, 0] });
});

it('finds what would flatten the rest, and leaves a line alone that is large throughout', () => {
  expect(oddPoints([0.1, 0.2, 1e308, 0.3, -1e308])).toEqual({ at: [2, 4], heights: [0.2, 0.3] });
  expect(oddPoints([1e15, 2e15, 3e15])).toBeUndefined();
  expect(oddPoints([0, 0.5, 1e9])).toBeUndefined();
  expect(oddPoints([1, 2, 3])).toBeUndefined();
  expect(oddPoints([])).toBeUndefined();
});
