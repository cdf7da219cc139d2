import { describe, expect, it } from 'vitest';
import { advantages } from './grpo';
import { Policy } from './policy';
import { Random } from './random';

describe('advantages', () => {
  it('are 0 where a group has no spread', () => {
    expect(advantages([1.1, 1.1, 1.1])).toEqual([0, 0, 0]);
  });

  it('have mean 0 and standard deviation 1 elsewhere', () => {
    const values = advantages([1.1, -0.1, 0.1, 1.1]);
    expect(values.reduce((a, b) => a + b)).toBeCloseTo(0);
    expect(values.reduce((sum, value) => sum + value * value, 0) / 4).toBeCloseTo(1);
  });
});

describe('Policy', () => {
  it('has exact gradients: they agree with a small step', () => {
    const policy = new Policy(3, 5, [4], new Random(3));
    const decision = { head: 0, inputs: [0, 2], open: [true, true, true, true] };
    const logprob = (of: Policy) => Math.log(of.evaluate(decision).probabilities[1] ?? 0);
    const gradient = policy.zeros();
    const evaluation = policy.evaluate(decision);
    const slopes = evaluation.probabilities.map((p, i) => (i === 1 ? 1 : 0) - p);
    policy.addGradient(gradient, decision, evaluation, slopes);
    const moved = policy.copy();
    moved.move(gradient, 1e-6);
    expect((logprob(moved) - logprob(policy)) / 1e-6).toBeCloseTo(gradient.norm() ** 2, 3);
  });
});
