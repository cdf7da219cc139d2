/**
 * The bounds by which a run is judged where nobody says otherwise: the store's alerts go by them, and so do the colours
 * of a run's status. Plain values, for the bundles too.
 */
export const JUDGED = {
  /** A drop of an eval by less is never a regression. */
  leastDrop: 0.03,
  /** The share of prompt groups whose rewards are all equal: at `bound` and above little is learned. Globs. */
  zeroSpread: {
    metrics: ['*frac_reward_zero_std', '*zero_spread_ratio', '*zero_spread', '*zero_variance_ratio'],
    bound: 0.5,
  },
  /** The share of responses that were cut off. */
  truncated: {
    metrics: ['*response_length/clip_ratio', '*completions/clipped_ratio', '*truncated_ratio', '*truncation_ratio'],
    bound: 0.25,
  },
  /** Versions that the policy of rollouts is behind the one that learns of them: at `bound` and above it learns of another's. */
  stale: {
    metrics: ['*/policyAge/p99'],
    bound: 8,
  },
} as const;
