import { expect, it } from 'vitest';
import { isCounter, readAxes, StepAxes, StepsOfLine } from './stepAxes';

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
  const axes = new StepAxes(readAxes(DEFINED));
  const of = (metric: string) => axes.of(metric);
  expect(of('train/loss')).toBe('train/global_step');
  expect(of('train/global_step')).toBe('train/global_step');
  expect(of('val/acc')).toBe('epoch');
  expect(of('lost')).toBe('samples');
  expect(axes.main).toBe('train/global_step');
});

it('has none where none is defined, or what came is no definition', () => {
  expect(new StepAxes(readAxes(undefined)).of('loss')).toBeUndefined();
  expect(readAxes(['x', 7, [], { 2: '*' }, { 1: 5, 4: 'step' }])).toEqual([]);
  expect(
    new StepAxes(
      readAxes([
        { 1: 'a', 4: 'epoch' },
        { 1: 'b', 4: 'misstep' },
      ]),
    ).main,
  ).toBeUndefined();
});

it('takes the first definition of those that fit, and none with names that are too long', () => {
  const axes = new StepAxes(
    readAxes([
      { 2: 'a/b*', 4: 'first' },
      { 2: 'a/*', 4: 'second' },
      { 2: 'a/b*', 4: 'third' },
      { 2: '*', 4: 'x'.repeat(300) },
    ]),
  );
  expect(['a/bc', 'a/c', 'b'].map((metric) => axes.of(metric))).toEqual(['first', 'second', undefined]);
});

it('finds the step that was logged beside a metric, on another axis than its own', () => {
  const line = { 'eval/epoch': 1, 'eval/global_step': 7, 'eval/x/step': 8, 'eval/step': 9, step: 1.5, _step: 3 };
  const steps = new StepsOfLine(line);
  expect(steps.beside('eval/acc', 'eval/epoch')).toBe(7);
  expect(steps.beside('eval/acc', 'eval/global_step')).toBe(9);
  expect(steps.beside('eval/x/acc', 'eval/epoch')).toBe(8);
  expect(steps.beside('test/acc', 'eval/epoch')).toBeUndefined();
});

it('knows what counts something whole from what may come to have fractions', () => {
  const counters = [
    'step',
    'train/global_step',
    'timestep',
    'timesteps_total',
    'total_timesteps',
    'step_num',
    'it',
    'itr',
  ];
  expect([...counters, 'iterations', 'rollout/episode_idx'].filter((name) => !isCounter(name))).toEqual([]);
  expect(
    ['epoch', 'train/epoch', 'progress', 'wait', 'hours', 'unit', 'misstep', 'loss_total'].filter(isCounter),
  ).toEqual([]);
});
