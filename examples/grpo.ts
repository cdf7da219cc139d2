import type { Policy } from './policy';
import type { Rollout } from './rollout';

export interface Sample {
  rollout: Pick<Rollout, 'choices'>;
  reward: number;
  /** The advantage relative to its group: all samples of one prompt. */
  advantage: number;
}

/** Rewards of one group as advantages: less the mean, over the standard deviation; all 0 where there is no spread. */
export function advantages(rewards: readonly number[]): number[] {
  const mean = rewards.reduce((a, b) => a + b, 0) / rewards.length;
  const sd = Math.sqrt(rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / rewards.length);
  return rewards.map((reward) => (sd < 1e-6 ? 0 : (reward - mean) / sd));
}

export interface UpdateOptions {
  learningRate: number;
  /** Passes over the batch; from the second on, ratios differ from 1 and may be clipped. */
  epochs: number;
  clip: number;
  /** Weight of the divergence from the reference policy. */
  kl: number;
}

export interface UpdateStats {
  loss: number;
  kl: number;
  entropy: number;
  clipFraction: number;
  gradientNorm: number;
}

/** One step of GRPO: clipped policy gradients over all choices of all samples. Changes `policy`. */
export function update(
  policy: Policy,
  reference: Policy,
  samples: readonly Sample[],
  options: UpdateOptions,
): UpdateStats {
  const stats: UpdateStats = { loss: 0, kl: 0, entropy: 0, clipFraction: 0, gradientNorm: 0 };
  const count = samples.reduce((sum, { rollout }) => sum + rollout.choices.length, 0);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const gradient = policy.zeros();
    Object.assign(stats, { loss: 0, kl: 0, entropy: 0, clipFraction: 0 });
    for (const { rollout, advantage } of samples) {
      for (const choice of rollout.choices) {
        const evaluation = policy.evaluate(choice);
        const { probabilities } = evaluation;
        const before = reference.evaluate(choice).probabilities;
        const logprob = Math.log(Math.max(1e-12, probabilities[choice.option] ?? 0));
        const ratio = Math.exp(logprob - choice.logprob);
        const clipped = advantage > 0 ? ratio > 1 + options.clip : ratio < 1 - options.clip;
        const weight = clipped ? 0 : ratio * advantage;
        let kl = 0;
        let entropy = 0;
        for (let i = 0; i < probabilities.length; i++) {
          const p = probabilities[i] ?? 0;
          if (p > 1e-12) {
            kl += p * Math.log(p / Math.max(1e-12, before[i] ?? 0));
            entropy -= p * Math.log(p);
          }
        }
        // d logit of: weight × log p(option) − klWeight × KL(policy ‖ reference)
        const slopes = probabilities.map((p, i) => {
          const taken = (i === choice.option ? 1 : 0) - p;
          const away = p > 1e-12 ? p * (Math.log(p / Math.max(1e-12, before[i] ?? 0)) - kl) : 0;
          return (weight * taken - options.kl * away) / count;
        });
        policy.addGradient(gradient, choice, evaluation, slopes);
        stats.loss -= weight / count;
        stats.kl += kl / count;
        stats.entropy += entropy / count;
        stats.clipFraction += (clipped ? 1 : 0) / count;
      }
    }
    stats.gradientNorm = gradient.norm();
    policy.move(gradient, options.learningRate);
  }
  return stats;
}
