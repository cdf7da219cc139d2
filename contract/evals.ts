/** The one list of what evals are called: dashboards, alerts and statistics go by it. Plain values, for the bundles too. */

import { fitsGlob } from './fitsGlob';

/** The name that stands, among names of metrics, for every result of an eval, by the list below. */
export const EVALS = '@evals';

/** Says whether what is written for metrics stands for all that there are of a kind: a glob, or `@evals`. */
export const standsForMany = (name: string): boolean => name.includes('*') || name === EVALS;

/** A glob whose first star is the task. */
export interface EvalPattern {
  metric: string;
  /** 0 to 1, a mean over prompts; a reward need not be. */
  share: boolean;
}

/** Results that have no name but their dataset's (slime, miles): `eval/gsm8k`. */
export const EVAL_OF_DATASET = 'eval/*';

const share = (metric: string): EvalPattern => ({ metric, share: true });
const reward = (metric: string): EvalPattern => ({ metric, share: false });

/**
 * Results of evals as trainers name them; of one task the first that fits is the one that counts. A result is a mean over
 * all samples: an accuracy, `mean@k`, `avg@k`, a reward; `pass@1` is the accuracy by another name. What k tries of a
 * prompt come to together (`pass@k` beyond 1, `pass^k`, `best@k`, `worst@k`, `maj@k`) is none: it moves with k, and
 * beside the mean it would be one more curve of the same samples.
 */
export const EVAL_PATTERNS: readonly EvalPattern[] = [
  // Trinity, TRL with an accuracy, the examples.
  share('eval/*/accuracy/mean'),
  share('eval/accuracy/mean'),
  share('eval/*/accuracy/mean*'),
  share('eval/*/accuracy'),
  share('eval/accuracy'),
  share('eval_accuracy'),
  share('eval/*/acc/mean*'),
  share('eval/*/acc'),
  share('eval/acc'),
  // verl; MLflow takes no @ and has `mean_at_4`.
  share('val-core/*/acc/mean*'),
  share('val/test_score/*'),
  // NeMo-RL, ART.
  share('validation/*/accuracy'),
  share('validation/accuracy'),
  share('val/*/accuracy'),
  share('val/accuracy'),
  // OpenRLHF, SkyRL, prime-rl, slime and miles, Tinker; for rewards of 0 and 1 alone where a trainer tells both.
  share('eval/*_pass1'),
  share('eval/pass1'),
  share('eval/*/pass@1'),
  share('eval/*/pass_at_1'),
  share('eval/*-pass@1'),
  share('eval/*-pass_at_1'),
  share('eval/*_pass@1'),
  share('eval/pass@1'),
  share('eval/pass_at_1'),
  share('test/*/correct'),
  // prime-rl.
  reward('eval/*/avg@*'),
  reward('eval/*/avg_at_*'),
  // Rewards, where no accuracy is told.
  reward('eval/*/score/mean*'),
  reward('eval/*/reward/mean*'),
  reward('eval/reward/mean'),
  reward('eval/*/avg_score'),
  reward('eval/avg_score'),
  reward('eval/*/reward'),
  reward('eval/reward'),
  reward('eval_reward'),
  reward('eval/*/score'),
  reward('eval/score'),
  reward('val-core/*/reward/mean*'),
  reward('val/*/reward'),
  reward('val/reward'),
  reward('eval-rollout/*/reward*'),
  reward('eval-rollout/reward*'),
  reward(EVAL_OF_DATASET),
];

/** Words of a name that is no dataset's: what trainers log of an eval besides its result. */
const BESIDES = new Set(
  'loss ppl perplexity kl entropy length lengths len tokens token time seconds second runtime steps step epoch turns turn ratio frac clip truncated std var min max median samples n num count size prompts index grad lr rewards advantages mode version'.split(
    ' ',
  ),
);

/** Says whether a metric may be the result on a dataset alone, which any name below `eval/` could be. */
const mayBeDataset = (metric: string) =>
  !metric.slice(EVAL_OF_DATASET.length - 1).includes('/') &&
  !metric
    .toLowerCase()
    .split(/[/_.@\s-]+/)
    .some((word) => BESIDES.has(word));

/** Words for how several tries of a prompt are taken together, or how far they are apart. */
const OF_TRIES =
  /(?:^|[^a-z])(?:pass(?!(?:@|_at_)?1(?!\d))|best|worst|maj(?:ority)?|cons(?:ensus)?|bon|oracle|std|var)(?:[@^]|_at_|_)?(?:\d+|[kn])(?![a-z\d])/i;

/** Says whether a metric fits a pattern of the list, or one that somebody wrote to watch just that. */
export const fitsEval = (metric: string, pattern: string): boolean =>
  fitsGlob(metric, pattern) &&
  (pattern !== EVAL_OF_DATASET || mayBeDataset(metric)) &&
  (!OF_TRIES.test(metric) || OF_TRIES.test(pattern));

/**
 * The kind of an eval's results, in a word: `val/test_score/*` is what a verifier gave, `avg@k` and the bare name of a
 * dataset the mean of whatever was counted.
 */
export type EvalWord = 'accuracy' | 'reward' | 'score' | 'result';

/** Returns the word for a metric; undefined for what is no result of an eval. */
export function evalWord(metric: string): EvalWord | undefined {
  const rank = evalRank(metric);
  if (rank === undefined) {
    return undefined;
  }
  const { metric: pattern = '', share: isShare = false } = EVAL_PATTERNS[rank] ?? {};
  const named = /reward|score/.exec(pattern)?.[0] as EvalWord | undefined;
  return named ?? (isShare ? 'accuracy' : 'result');
}

/** The place of a metric in the list, 0 the first; undefined for what is no result of an eval. */
export function evalRank(metric: string): number | undefined {
  const rank = EVAL_PATTERNS.findIndex((pattern) => fitsEval(metric, pattern.metric));
  return rank < 0 ? undefined : rank;
}

/** Says whether a name that was asked for means a metric: itself, a glob that it fits, or the results of evals. */
export const fitsName = (metric: string, asked: string): boolean =>
  asked === EVALS ? evalRank(metric) !== undefined : fitsGlob(metric, asked);

/**
 * The task of a metric that fits a glob: what its first star stands for, as short as it can be and never nothing. Empty
 * where the glob has no star; undefined where the metric does not fit.
 */
export function taskOf(metric: string, glob: string): string | undefined {
  const [first = '', ...rest] = glob.split('*');
  const [next, ...others] = rest;
  if (next === undefined) {
    return metric === glob ? '' : undefined;
  }
  const from = first.length;
  // The last part of what follows stands at the end; an earlier one where it comes first.
  const to = others.length === 0 ? Math.max(from + 1, metric.length - next.length) : metric.indexOf(next, from + 1);
  const fits =
    metric.startsWith(first) && to > from && to <= metric.length && fitsGlob(metric.slice(to), rest.join('*'));
  return fits ? metric.slice(from, to) : undefined;
}

/** Words for which values a mean is over, which rollouts or how many a prompt: the task is the same. `agent` is the only one of prime-rl's. */
const OF_ROLLOUTS = /\/(?:all|effective)(?:\/agent$|(?=\/|$))|[-_/](?:mean|avg)(?:@|_at_)\d+$/g;

/** The task of an eval that fits a pattern; empty where its name has none, undefined where it does not fit. */
export const taskOfEval = (metric: string, pattern: string): string | undefined =>
  fitsEval(metric, pattern) ? taskOf(metric, pattern)?.replace(OF_ROLLOUTS, '') : undefined;

/** The task that a metric is the result of; empty where its name has none, undefined where it is no result of an eval. */
export function evalTask(metric: string): string | undefined {
  const rank = evalRank(metric);
  return rank === undefined ? undefined : taskOfEval(metric, EVAL_PATTERNS[rank]?.metric ?? '');
}

const samplesOf = (metric: string) => Number(/(?:mean|avg)(?:@|_at_)(\d+)$/.exec(metric)?.[1] ?? 0);
/** prime-rl tells each mean twice: with the rollouts that failed for no fault of the model's, and without. */
const hasFailed = (metric: string) => metric.includes('/all/');

/** The order of two results of a task that one pattern fits: without those that failed, over more samples, by name. */
export function goesBefore(metric: string, other: string): boolean {
  if (hasFailed(metric) !== hasFailed(other)) {
    return hasFailed(other);
  }
  const more = samplesOf(metric) - samplesOf(other);
  return more === 0 ? metric < other : more > 0;
}

/** The results of a run's evals among its metrics, which are taken one by one: of each task the one that counts. */
export class EvalResults {
  private readonly best = new Map<string, { metric: string; rank: number }>();

  take(metric: string): void {
    const rank = evalRank(metric);
    if (rank === undefined) {
      return;
    }
    const task = taskOfEval(metric, EVAL_PATTERNS[rank]?.metric ?? '') ?? '';
    const known = this.best.get(task);
    if (!known || rank < known.rank || (rank === known.rank && goesBefore(metric, known.metric))) {
      this.best.set(task, { metric, rank });
    }
  }

  metrics(): string[] {
    return [...this.best.values()].map(({ metric }) => metric);
  }
}

/** Names of tables that hold evals: `eval`, `val/generations`, `gsm8k_test`. */
export const EVAL_TABLE = /^(?:.*[^a-zA-Z])?(?:evals?|evaluations?|val|valid|validation|test)(?:[^a-zA-Z].*)?$/i;
