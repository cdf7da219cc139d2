import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byColumn, type ColumnFilter, describeConditions, readColumnFilter, writeColumnFilter } from './columnFilter';

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const filter: fc.Arbitrary<ColumnFilter> = fc.record(
  {
    from: number,
    to: number,
    values: fc.array(fc.oneof(number, fc.string(), fc.boolean()), { minLength: 1, maxLength: 4 }),
    text: fc.string({ minLength: 1 }),
    isEmpty: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('a filter of a column', () => {
  it('comes back from its conditions', () => {
    fc.assert(
      fc.property(filter, (one) => {
        expect(readColumnFilter(writeColumnFilter('c', one))).toEqual(one);
      }),
    );
  });

  it('is nothing where nothing is set', () => {
    expect(writeColumnFilter('c', { text: '', values: [] })).toEqual([]);
  });

  it.each<[string, ColumnFilter]>([
    ['reward 0.2 – 0.5', { from: 0.2, to: 0.5 }],
    ['reward = 1', { from: 1, to: 1 }],
    ['reward ≥ 0.2', { from: 0.2 }],
    ['reward = a', { values: ['a'] }],
    ['reward is a or true or 3 or 2 more', { values: ['a', true, 3, 4, 5] }],
    ['reward contains “x”, is not empty', { text: 'x', isEmpty: false }],
  ])('is said as: %s', (said, one) => {
    expect(describeConditions('reward', writeColumnFilter('reward', one))).toBe(said);
  });

  it('says bins of a histogram by their edges', () => {
    const conditions = [
      { column: 'r', op: 'ge' as const, value: 0 },
      { column: 'r', op: 'lt' as const, value: 0.25 },
    ];
    expect(describeConditions('r', conditions)).toBe('r ≥ 0, < 0.25');
    expect(byColumn([...conditions, { column: 's', op: 'isNull' }]).map(([column]) => column)).toEqual(['r', 's']);
  });
});
