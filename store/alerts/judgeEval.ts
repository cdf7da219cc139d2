import type { AlertSettings, WatchedMetric } from './AlertSettings';
import { betterReference, compareEval, errorOf, worseBy } from './compareEval';
import type { Comparison, Eval, PairedError, Reference } from './Eval';
import { NOISE_EVALS } from './standardError';

/** What one eval came to. A task's judgements, one an eval in the order of steps, are all that the next one needs. */
export interface Judgement {
  eval: Eval;
  /** Of the eval by itself; undefined when neither its prompts nor enough earlier evals tell. */
  standardError?: number;
  /** Against the best mean of three earlier evals; undefined before there is one, or when no error is known. */
  best?: Comparison;
  /** Against the baseline run at equal step. */
  baseline?: Comparison;
  /** Two evals in a row were beyond `best`, and no two since were not. */
  regressed: boolean;
  belowBaseline: boolean;
  /** The best mean of three evals up to this one. */
  bestSoFar?: Reference;
  /** The best single eval up to this one. */
  bestValue: number;
}

/** What a judgement needs from outside. */
export interface Evidence {
  /** The paired error against the reference, where each prompt's results are known at both ends. */
  paired?: PairedError;
  /** What the baseline run had at this step. */
  baseline?: Reference;
  pairedBaseline?: PairedError;
}

/**
 * The judgements that an eval follows; undefined when it does not count. One that arrives late, or again, changes
 * nothing that was judged; a resumed run goes on from where it resumed.
 */
export function before(judgements: readonly Judgement[], now: Eval): readonly Judgement[] | undefined {
  const last = judgements.at(-1)?.eval;
  if (!Number.isFinite(now.value) || (last && now.attempt < last.attempt)) {
    return undefined;
  }
  if (!last || now.step > last.step) {
    return judgements;
  }
  return now.attempt === last.attempt ? undefined : judgements.filter((one) => one.eval.step < now.step);
}

/** The reference for the next eval. The one just before it is no part of it, since the two are judged together. */
export const referenceFor = (judgements: readonly Judgement[]): Reference | undefined => judgements.at(-2)?.bestSoFar;

/**
 * Judges an eval after those that `before` gave. A regression opens when it and the one before are both beyond the same
 * reference, and closes when two in a row are not; likewise against the baseline.
 */
export function judgeEval(
  judgements: readonly Judgement[],
  now: Eval,
  watched: WatchedMetric,
  settings: AlertSettings,
  evidence: Evidence = {},
): Judgement {
  const previous = judgements.at(-1);
  const newest = judgements.slice(-NOISE_EVALS - 2).map((one) => one.eval);
  const earlier = newest.slice(0, -1);
  const reference = referenceFor(judgements);
  const best = reference && compareEval(now, reference, earlier, watched, settings, evidence.paired);
  const isSame = previous?.best?.reference.steps.join() === reference?.steps.join();
  const bestBefore =
    isSame || !reference || !previous
      ? previous?.best
      : compareEval(previous.eval, reference, earlier, watched, settings);
  const { baseline: baselineThen } = evidence;
  const baseline = baselineThen && compareEval(now, baselineThen, newest, watched, settings, evidence.pairedBaseline);
  const bestSoFar = betterReference(previous?.bestSoFar, [...newest.slice(-2), now], watched);
  const standardError = errorOf(now, newest, watched);
  return {
    eval: now,
    ...(standardError !== undefined && { standardError }),
    ...(best && { best }),
    ...(baseline && { baseline }),
    regressed: follow(previous?.regressed, bestBefore, best),
    belowBaseline: follow(previous?.belowBaseline, previous?.baseline, baseline),
    ...(bestSoFar && { bestSoFar }),
    bestValue: previous && worseBy(previous.bestValue, now.value, watched.better) < 0 ? previous.bestValue : now.value,
  };
}

/** An alert opens and closes with two in a row; what cannot be compared leaves it as it is. */
function follow(isOpen = false, first?: Comparison, second?: Comparison): boolean {
  return first && second && first.beyond === second.beyond ? second.beyond : isOpen;
}
