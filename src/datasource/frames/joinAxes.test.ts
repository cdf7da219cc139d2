import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inRows, joinAxes } from './joinAxes';

it('puts every point into the row of its x, and leaves gaps where a series has none', () => {
  const { x, rows } = joinAxes([
    [1, 3, null],
    [2, 3],
  ]);
  expect(x).toEqual([1, 2, 3]);
  expect(rows.map((one, i) => inRows([10 * i + 1, 10 * i + 2, 9], one, 3))).toEqual([
    [1, undefined, 2],
    [undefined, 11, 12],
  ]);
});

it('joins any axes, also those that go back', () => {
  const axis = fc.array(fc.option(fc.integer({ min: -20, max: 20 })));
  fc.assert(
    fc.property(fc.array(axis), (axes) => {
      const { x, rows } = joinAxes(axes);
      expect(x).toEqual([...new Set(axes.flat().filter((one) => one !== null))].sort((a, b) => a - b));
      axes.forEach((one, i) => {
        one.forEach((value, j) => {
          expect(value === null ? rows[i]?.[j] : x[rows[i]?.[j] ?? -1]).toBe(value === null ? -1 : value);
        });
      });
    }),
  );
});
