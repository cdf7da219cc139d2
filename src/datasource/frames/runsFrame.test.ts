import type { Run } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { runsFrame } from './runsFrame';
import { seriesNames } from './seriesName';

const run = (id: string, summary: Record<string, number>) =>
  ({ id, name: id, project: 'p', state: 'running', tags: [], createdAt: 1, updatedAt: 1, summary }) as unknown as Run;

it('has the eval of every run in one column, whatever trainers call it, and beside it what that is', () => {
  const runs = [
    run('trinity', { 'eval/accuracy/mean': 0.5, 'eval/n_prompts': 100 }),
    run('verl', { 'val-core/gsm8k/acc/mean@1': 0.25, 'critic/rewards/mean': 1 }),
    run('none', { loss: 1 }),
  ];
  const fields = runsFrame(runs, ['@evals', 'critic/rewards/mean'], 'A').fields;
  const valuesOf = (name: string) => fields.find((field) => field.name === name)?.values;
  expect(valuesOf('eval')).toEqual([0.5, 0.25, null]);
  expect(valuesOf('eval metric')).toEqual(['eval/accuracy/mean', 'val-core/gsm8k/acc/mean@1', null]);
  expect(valuesOf('critic/rewards/mean')).toEqual([null, 1, null]);
});

it('has a unit for evals only where all are of one kind: a reward is no percentage', () => {
  const unitOf = (...runs: Run[]) =>
    runsFrame(runs, ['@evals'], 'A').fields.find(({ name }) => name === 'eval')?.config.unit;
  const accurate = run('trinity', { 'eval/accuracy/mean': 0.5 });
  expect(unitOf(accurate, run('verl', { 'val-core/gsm8k/acc/mean@1': 0.25 }))).toBe('percentunit');
  expect(unitOf(accurate, run('trl', { eval_reward: -0.516 }))).toBeUndefined();
  expect(unitOf(run('trl', { eval_reward: -0.516 }))).toBeUndefined();
  expect(unitOf(run('none', { loss: 1 }))).toBeUndefined();
});

it('shows a name that turns its neighbours around as what it is, and numbers as somebody wrote them', () => {
  const hostile = { ...run('a', {}), name: 'hostile\u202erun', config: { lr: 4.9999999999999996e-6 } };
  const noisy = { ...run('b', {}), config: { lr: 0.1 + 0.2 } };
  const fields = runsFrame([hostile, noisy], [], 'A').fields;
  const valuesOf = (name: string) => fields.find((field) => field.name === name)?.values;
  expect(valuesOf('name')).toEqual(['hostile\\u202erun', 'b']);
  expect(valuesOf('differs in')).toEqual(['lr=0.000005', 'lr=0.3']);
  const series = [{ run: 'a', metric: 'm', step: [], time: [], value: [], totalPoints: 0 }];
  expect(seriesNames([...series, { ...series[0], run: 'b' }] as never, new Map([['a', hostile]]))).toEqual([
    'hostile\\u202erun',
    'b',
  ]);
});
