import { describe, expect, it } from 'vitest';
import { cellReward, cellTruth } from './cellValues';

describe('what a cell says', () => {
  it.each([
    [true, true, 1],
    [false, false, 0],
    [1, true, 1],
    [0.4, false, 0.4],
    ['True', true, 1],
    ['no', false, 0],
    ['0.75', true, 0.75],
    [Number.NaN, null, Number.NaN],
    [Number.NEGATIVE_INFINITY, null, Number.NEGATIVE_INFINITY],
    ['NaN', null, undefined],
    ['perhaps', null, undefined],
    [null, null, undefined],
    [{}, null, undefined],
  ])('of %j is %s, and %s as a reward', (cell, truth, reward) => {
    expect(cellTruth(cell)).toBe(truth);
    expect(cellReward(cell)).toBe(reward);
  });
});
