import { EVAL_PATTERNS, type EvalPattern, Name, strict } from '@rolloscope/contract';
import { JUDGED } from '@rolloscope/contract/judged';
import { type Static, Type } from 'typebox';

/** A metric to judge: a glob whose first `*` is the task, whether more is better, and whether it is a share of prompts. */
export const WatchedMetric = Type.Object(
  {
    metric: Name,
    better: Type.Enum(['higher', 'lower']),
    /** 0 to 1, a mean over prompts: then its standard error follows from the number of prompts. */
    share: Type.Optional(Type.Boolean()),
  },
  strict,
);
export type WatchedMetric = Static<typeof WatchedMetric>;

const Globs = Type.Array(Name, { maxItems: 100 });
const Positive = Type.Number({ exclusiveMinimum: 0 });
const Share = Type.Number({ exclusiveMinimum: 0, maximum: 1 });

/** Every threshold of every alert, in one place: rules ask for flags only. What a file leaves out has its default. */
export const AlertSettings = Type.Object(
  {
    /** The first pattern that fits a task's metrics is the one that is judged. */
    watch: Type.Array(WatchedMetric, { maxItems: 100 }),
    /** A drop of less is never a regression; of metrics that are no shares, this part of the reference. */
    minDelta: Positive,
    /** A drop of fewer standard errors is none either. */
    standardErrors: Positive,
    /** A run is stalled when a step takes so many times the median of its newest steps, … */
    stalledIntervals: Positive,
    /** … and longer than so many seconds. */
    stalledSeconds: Positive,
    /** Metrics that must be finite. */
    finite: Globs,
    /** Metrics that are the share of prompt groups with equal rewards. */
    zeroSpread: Globs,
    zeroSpreadRatio: Share,
    /** Metrics that are the share of truncated responses. */
    truncated: Globs,
    truncatedRatio: Share,
    /** Metrics that are the age of rollouts, in versions of the policy. */
    stale: Globs,
    staleVersions: Positive,
    /** Shares and ages are means over so many of the newest steps. */
    ratioSteps: Type.Integer({ minimum: 1, maximum: 1_000 }),
  },
  strict,
);
export type AlertSettings = Static<typeof AlertSettings>;

const watched = ({ metric, share }: EvalPattern): WatchedMetric => ({
  metric,
  better: 'higher',
  ...(share && { share }),
});

export const DEFAULT_ALERTS: AlertSettings = {
  watch: [
    ...EVAL_PATTERNS.map(watched),
    // Losses of evals only: policy and KL losses of training are no goals, and move on a healthy run.
    { metric: 'eval/*loss*', better: 'lower' },
    { metric: 'eval_loss*', better: 'lower' },
    { metric: 'val/*loss*', better: 'lower' },
    { metric: 'val_loss*', better: 'lower' },
  ],
  minDelta: JUDGED.leastDrop,
  standardErrors: 2.5,
  stalledIntervals: 3,
  stalledSeconds: 60,
  finite: ['*loss*', '*grad_norm*', '*rewards/mean', '*reward/mean', '*reward', '*kl', '*entropy'],
  zeroSpread: [...JUDGED.zeroSpread.metrics],
  zeroSpreadRatio: JUDGED.zeroSpread.bound,
  truncated: [...JUDGED.truncated.metrics],
  truncatedRatio: JUDGED.truncated.bound,
  stale: [...JUDGED.stale.metrics],
  staleVersions: JUDGED.stale.bound,
  ratioSteps: 20,
};
