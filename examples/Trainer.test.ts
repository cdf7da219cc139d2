import { describe, expect, it } from 'vitest';
import { DEFAULTS, Trainer, type TrainerOptions } from './Trainer';

/** Means over a stretch of a run: accuracy of the evals and reward of the steps in it. */
function train(options: Partial<TrainerOptions>, steps: number) {
  const trainer = new Trainer({ ...DEFAULTS, ...options });
  const accuracy: number[] = [];
  const reward: number[] = [];
  for (let step = 0; step < steps; step++) {
    const { metrics = {} } = trainer.step();
    reward.push(Number(metrics['critic/rewards/mean']));
    if (metrics['eval/accuracy/mean'] !== undefined) {
      accuracy.push(Number(metrics['eval/accuracy/mean']));
    }
  }
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const ends = (values: number[], count: number) => ({
    first: mean(values.slice(0, count)),
    last: mean(values.slice(-count)),
    best: Math.max(...values),
  });
  return { accuracy: ends(accuracy, 4), reward: ends(reward, 15) };
}

describe('Trainer', () => {
  it.each([1, 2, 3])('learns: held-out accuracy really rises (seed %i)', (seed) => {
    const { accuracy, reward } = train({ seed }, 100);
    expect(accuracy.last).toBeGreaterThan(accuracy.first + 0.15);
    expect(accuracy.last).toBeGreaterThan(0.65);
    expect(reward.last).toBeGreaterThan(reward.first + 0.1);
  });

  it('hacks a lenient verifier: reward climbs while held-out accuracy falls', () => {
    const { accuracy, reward } = train({ seed: 2, lenient: true, learningRate: 1 }, 160);
    expect(reward.last).toBeGreaterThan(0.9);
    expect(reward.last).toBeGreaterThan(reward.first + 0.1);
    expect(accuracy.last).toBeLessThan(accuracy.best - 0.25);
  });

  it('collapses when the learning rate is far too high', () => {
    const { accuracy } = train({ seed: 1, collapseAt: 60 }, 100);
    expect(accuracy.best).toBeGreaterThan(0.6);
    expect(accuracy.last).toBeLessThan(0.2);
  });

  it('gives the same run for the same seed', () => {
    const once = () => {
      const trainer = new Trainer({ ...DEFAULTS, seed: 7 });
      const { metrics, tables } = [trainer.step(), trainer.step()][1] ?? {};
      return { ...metrics, 'timing_s/step': 0, tables };
    };
    expect(once()).toEqual(once());
  });

  it('logs groups of samples with the advantage of each, and the best and worst of two steps', () => {
    const trainer = new Trainer(DEFAULTS);
    trainer.step();
    const { tables } = trainer.step();
    const rows = tables?.rollouts?.rows ?? [];
    expect(rows).toHaveLength(DEFAULTS.prompts * DEFAULTS.groupSize);
    expect(tables?.rollout_examples?.rows.map((row) => row[0])).toEqual([1, 1, 2, 2]);
    expect(tables?.rollout_examples?.columns.slice(0, 4)).toEqual(['step', 'reward', 'prompt', 'response']);
    expect(tables?.rollout_examples?.rows[0]?.slice(4)).toEqual([rows.length, 'best and worst only']);
  });
});
