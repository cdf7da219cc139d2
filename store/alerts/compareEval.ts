import type { AlertSettings, WatchedMetric } from './AlertSettings';
import type { Comparison, ErrorSource, Eval, PairedError, Reference } from './Eval';
import { noiseError, shareError } from './standardError';

type Limits = Pick<AlertSettings, 'minDelta' | 'standardErrors'>;
type Watched = Pick<WatchedMetric, 'better' | 'share'>;

/** Evals whose mean is a reference. */
const REFERENCE_EVALS = 3;

/** The better of what was the best so far and the mean of the last three evals; undefined before there are three. */
export function betterReference(
  soFar: Reference | undefined,
  evals: readonly Eval[],
  { better }: Watched,
): Reference | undefined {
  const window = evals.slice(-REFERENCE_EVALS);
  if (window.length < REFERENCE_EVALS) {
    return soFar;
  }
  const newest = referenceOf(window);
  return soFar && worseBy(newest.value, soFar.value, better) >= 0 ? soFar : newest;
}

function referenceOf(evals: readonly Eval[]): Reference {
  const prompts = evals.map((one) => one.prompts).findLast((one) => one !== undefined);
  return {
    value: mean(evals.map(({ value }) => value)),
    steps: evals.map(({ step }) => step),
    ...(prompts !== undefined && { prompts }),
  };
}

/**
 * Compares an eval with a reference. The standard error of the drop is, in this order: that of the paired test; the one
 * that follows from the number of prompts, √(SE_ref² / 3 + SE_now²); the one that the noise of `earlier` evals tells.
 * Undefined when none of them can be had: then nothing is judged.
 */
export function compareEval(
  now: Eval,
  given: Reference,
  earlier: readonly Eval[],
  watched: Watched,
  limits: Limits,
  paired?: PairedError,
): Comparison | undefined {
  const drop = worseBy(now.value, given.value, watched.better);
  const single = singleError(now, given, earlier, watched);
  if (single === undefined && paired === undefined) {
    return undefined;
  }
  const ofReference = single && single.reference / Math.sqrt(given.steps.length);
  const reference = ofReference === undefined ? given : { ...given, standardError: ofReference };
  const standardError = paired?.standardError ?? Math.hypot(ofReference ?? 0, single?.now ?? 0);
  const source: ErrorSource = paired ? 'paired' : (single?.source ?? 'noise');
  const least = limits.minDelta * (watched.share ? 1 : Math.abs(given.value));
  const limit = Math.max(least, limits.standardErrors * standardError);
  return { reference, drop, standardError, source, limit, beyond: drop > limit };
}

/** Standard errors of one eval now and of one of the reference. */
function singleError(now: Eval, reference: Reference, earlier: readonly Eval[], { share }: Watched) {
  const prompts = now.prompts ?? reference.prompts;
  if (prompts !== undefined && share && isShare(now.value) && isShare(reference.value)) {
    const ofReference = shareError(reference.value, reference.prompts ?? prompts);
    // Both are estimates of one share if nothing changed. A lucky low one must not look certain: below one half the
    // error shrinks with the share, and flat runs at 0.3 would raise twice as many false alarms.
    const ofNow = Math.max(shareError(now.value, prompts), ofReference);
    return { now: ofNow, reference: ofReference, source: 'prompts' as const };
  }
  const noise = noiseError(earlier);
  return noise === undefined ? undefined : { now: noise, reference: noise, source: 'noise' as const };
}

/** Standard error of an eval by itself, from its prompts or from the noise of those before. */
export function errorOf(now: Eval, earlier: readonly Eval[], { share }: Watched): number | undefined {
  return now.prompts !== undefined && share && isShare(now.value)
    ? shareError(now.value, now.prompts)
    : noiseError(earlier);
}

const isShare = (value: number) => value >= 0 && value <= 1;

/** Positive when `value` is worse than `other`. */
export const worseBy = (value: number, other: number, better: 'higher' | 'lower') =>
  better === 'higher' ? other - value : value - other;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
