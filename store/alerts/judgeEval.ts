import type { AlertSettings, WatchedMetric } from './AlertSettings';
import { betterReference, compareEval, errorOf, REFERENCE_EVALS, referenceOf, worseBy } from './compareEval';
import type { Comparison, Eval, PairedError, Reference } from './Eval';
import { CLOSES, followAlert } from './followAlert';
import { NOISE_EVALS, noiseError } from './standardError';

/** The outcome of one eval. A task's judgements, one an eval in the order of steps, are all that the next one needs. */
export interface Judgement {
  eval: Eval;
  /** The standard error of the eval by itself; undefined when neither its prompts nor enough earlier evals tell. */
  standardError?: number;
  /** The comparison with the best mean of three earlier evals; undefined without one, or when no error is known. */
  againstBest?: Comparison;
  /** The comparison with the baseline run at equal step. */
  againstBaseline?: Comparison;
  /** Two evals in a row were beyond the limit of `againstBest`, and those since are not back. */
  regressed: boolean;
  /** Evals since the last regression ended; undefined where there was none. */
  sinceRecovery?: number;
  belowBaseline: boolean;
  /** The best mean of three evals up to this one. */
  bestMean?: Reference;
  /** The best single eval up to this one. */
  bestSingle: number;
}

/** The evidence that a judgement needs from outside. */
export interface Evidence {
  /** The paired error against the reference, where each prompt's results are known at both ends. */
  paired?: PairedError;
  /** The reference that the baseline run had at this step. */
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
export const referenceFor = (judgements: readonly Judgement[]): Reference | undefined => judgements.at(-2)?.bestMean;

/** Evals of a run before which nothing is compared with a baseline: a start is no decline. */
const RUN_IN = 3;

/**
 * Judges an eval after those that `before` gave. A regression opens when it and the one before are both beyond the same
 * reference; likewise against the baseline. After a recovery the reference begins anew, from the evals since: so a level
 * that evals left by luck only is told of once.
 */
export function judgeEval(
  judgements: readonly Judgement[],
  now: Eval,
  watched: WatchedMetric,
  settings: AlertSettings,
  evidence: Evidence = {},
): Judgement {
  const previous = judgements.at(-1);
  const newest = judgements.slice(-NOISE_EVALS - 2);
  const noise = noiseError(differencesOf(newest));
  const noiseBefore = noiseError(differencesOf(newest.slice(0, -1)));
  const reference = referenceFor(judgements);
  const againstBest = reference && compareEval(now, reference, noiseBefore, watched, settings, evidence.paired);
  const isSame = previous?.againstBest?.reference.steps.join() === reference?.steps.join();
  const againstBestBefore =
    isSame || !reference || !previous
      ? previous?.againstBest
      : compareEval(previous.eval, reference, noiseBefore, watched, settings);
  const baseline = judgements.length < RUN_IN ? undefined : evidence.baseline;
  const againstBaseline = baseline && compareEval(now, baseline, noise, watched, settings, evidence.pairedBaseline);

  const since = previous?.sinceRecovery === undefined ? undefined : previous.sinceRecovery + 1;
  // Two evals lie between a reference and the first that is compared with it.
  const isAnew = since === undefined || since > REFERENCE_EVALS + 1;
  const regressed = followAlert(
    previous?.regressed,
    isAnew ? againstBestBefore : undefined,
    [...judgements.slice(1 - CLOSES.regression.evals).map((one) => one.againstBest), againstBest],
    CLOSES.regression,
  );
  const belowBaseline = followAlert(
    previous?.belowBaseline,
    previous?.againstBaseline,
    [...judgements.slice(1 - CLOSES.belowBaseline.evals).map((one) => one.againstBaseline), againstBaseline],
    CLOSES.belowBaseline,
  );
  const sinceRecovery = previous?.regressed && !regressed ? 0 : since;
  const evals = [...newest.map((one) => one.eval), now];
  const bestMean =
    sinceRecovery === REFERENCE_EVALS
      ? referenceOf(evals.slice(-REFERENCE_EVALS))
      : betterReference(previous?.bestMean, evals, watched);
  const standardError = errorOf(now, noise, watched);
  return {
    eval: now,
    ...(standardError !== undefined && { standardError }),
    ...(againstBest && { againstBest }),
    ...(againstBaseline && { againstBaseline }),
    regressed,
    ...(sinceRecovery !== undefined && { sinceRecovery }),
    belowBaseline,
    ...(bestMean && { bestMean }),
    bestSingle:
      previous && worseBy(previous.bestSingle, now.value, watched.better) < 0 ? previous.bestSingle : now.value,
  };
}

/**
 * Gives the differences of neighbouring evals. A fall beyond the limit, and the way back, are no noise: a decline must
 * not widen its own error.
 */
const differencesOf = (judgements: readonly Judgement[]): number[] =>
  judgements.slice(1).flatMap((one, i) => {
    const earlier = judgements[i];
    const isStep = (one.againstBest?.beyond ?? false) !== (earlier?.againstBest?.beyond ?? false);
    return earlier && !isStep ? [one.eval.value - earlier.eval.value] : [];
  });
