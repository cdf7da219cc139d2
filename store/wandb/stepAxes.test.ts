import { expect, it } from 'vitest';
import { axisOf, mainAxis, readAxes } from './stepAxes';

/** As client 0.31 writes `define_metric` of `train/*`, `val/acc` and `*`. */
const DEFINED = [
  { 1: 'train/global_step', 6: [3], 7: [] },
  { 2: 'train/*', 5: 1, 6: [1] },
  { 1: 'val/acc', 5: 4 },
  { 1: 'epoch' },
  { 2: '*', 4: 'samples' },
  null,
  { 1: 'lost', 5: 99 },
];

it('reads definitions, by name before by beginning; a step metric is its own step', () => {
  const axes = readAxes(DEFINED);
  const of = (metric: string) => axisOf(axes, metric);
  expect(of('train/loss')).toBe('train/global_step');
  expect(of('train/global_step')).toBe('train/global_step');
  expect(of('val/acc')).toBe('epoch');
  expect(of('lost')).toBe('samples');
  expect(mainAxis(axes)).toBe('train/global_step');
});

it('has none where none is defined, or what came is no definition', () => {
  expect(axisOf(readAxes(undefined), 'loss')).toBeUndefined();
  expect(readAxes(['x', 7, [], { 2: '*' }, { 1: 5, 4: 'step' }])).toEqual([]);
  expect(
    mainAxis(
      readAxes([
        { 1: 'a', 4: 'epoch' },
        { 1: 'b', 4: 'misstep' },
      ]),
    ),
  ).toBeUndefined();
});
