import type { Run } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { runsFrame } from './runsFrame';

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
