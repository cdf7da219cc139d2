import { expect, it } from 'vitest';
import { markedSteps, placeOfStep } from './markedSteps';

it.each([
  ['70', [70]],
  ['10, 20', [10, 20]],
  ['10-20', [10, 20]],
  ['', []],
  ['$__all', []],
  ['soon', []],
])('%s marks %j', (text, steps) => {
  expect(markedSteps(text)).toEqual(steps);
});

it('finds a step on the line, and none before or beyond it', () => {
  const series = { step: [null, 10, 20, 40] };
  expect(placeOfStep(series, 10)).toEqual({ before: 1, share: 0 });
  expect(placeOfStep(series, 40)).toEqual({ before: 3, share: 0 });
  expect(placeOfStep(series, 25)).toEqual({ before: 2, share: 0.25 });
  expect(placeOfStep(series, 9)).toBeUndefined();
  expect(placeOfStep(series, 41)).toBeUndefined();
});
