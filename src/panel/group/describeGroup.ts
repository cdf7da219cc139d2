/** The rewards of one prompt's rollouts at one step, in numbers. */
export interface GroupStatistics {
  /** Rewards that are finite numbers; the others count for nothing here. */
  n: number;
  mean: number;
  /** Spread over n, as a description of these samples. */
  populationSd: number;
  /** Spread over n − 1, as an estimate; what TRL and verl divide by. 0 for a single sample. */
  sampleSd: number;
  min: number;
  max: number;
  /** All rewards are equal: under GRPO every advantage is 0 and the group teaches nothing. */
  isFlat: boolean;
}

const isReward = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Works out statistics of a group's rewards; returns undefined where no reward is a finite number. */
export function describeGroup(rewards: readonly unknown[]): GroupStatistics | undefined {
  const finite = rewards.filter(isReward);
  const n = finite.length;
  if (n === 0) {
    return undefined;
  }
  const [min, max] = [Math.min(...finite), Math.max(...finite)];
  // The same numbers add up to a rounding error; equal ones have no spread.
  const mean = min === max ? min : finite.reduce((sum, reward) => sum + reward / n, 0);
  const squares = min === max ? 0 : finite.reduce((sum, reward) => sum + (reward - mean) ** 2, 0);
  return {
    n,
    mean,
    populationSd: Math.sqrt(squares / n),
    sampleSd: n > 1 ? Math.sqrt(squares / (n - 1)) : 0,
    min,
    max,
    isFlat: n > 1 && min === max,
  };
}
