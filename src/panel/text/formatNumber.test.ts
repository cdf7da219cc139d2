import { describe, expect, it } from 'vitest';
import { formatNumber } from './formatNumber';

describe('formatNumber', () => {
  it.each([
    [1.1, '1.1'],
    [-0.1, '-0.1'],
    [0.1 + 0.2, '0.3'],
    [2 / 3, '0.6667'],
    [-1.00004, '-1'],
    [123.456, '123.5'],
    [1e-9 / 3, '3.333e-10'],
    [45, '45'],
    [1234567, '1234567'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});
