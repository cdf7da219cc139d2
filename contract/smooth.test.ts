import fc from 'fast-check';
import { expect, it } from 'vitest';
import { smooth } from './smooth';

it('begins at the first value, and forgets it by its weight', () => {
  expect(smooth([1, 1, 1], 0.9)).toEqual([1, 1, 1].map(() => expect.closeTo(1, 12)));
  expect(smooth([0, 1], 0.5)).toEqual([0, expect.closeTo(2 / 3, 12)]);
  expect(smooth([], 0.5)).toEqual([]);
});

it('leaves what is not finite where it is, and goes on after it', () => {
  expect(smooth([2, Number.NaN, Number.POSITIVE_INFINITY, 2], 0.8)).toEqual([
    2,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    expect.closeTo(2, 12),
  ]);
});

it('stays within what it averages', () => {
  const value = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
  fc.assert(
    fc.property(fc.array(value), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (values, weight) => {
      smooth(values, weight).forEach((average, i) => {
        const seen = values.slice(0, i + 1);
        expect(average).toBeGreaterThanOrEqual(Math.min(...seen) - 1e-6);
        expect(average).toBeLessThanOrEqual(Math.max(...seen) + 1e-6);
      });
    }),
  );
});
