import type { AlertSettings, WatchedMetric } from './AlertSettings';
import type { Comparison, Counts, ErrorSource, Eval, PairedError, Reference } from './Eval';
import { countedError, shareError } from './standardError';

type Limits = Pick<AlertSettings, 'minDelta' | 'standardErrors'>;
type Watched = Pick<WatchedMetric, 'better' | 'share'>;

/** Right prompts are that near to a whole number, should the value have been rounded. */
const WHOLE = 0.02;

/** Evals whose mean is a reference. */
export const REFERENCE_EVALS = 3;

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

/** The mean of evals as a reference. */
export function referenceOf(evals: readonly Eval[]): Reference {
  const counted = evals.findLast(({ prompts }) => prompts !== undefined);
  return {
    value: mean(evals.map(({ value }) => value)),
    steps: evals.map(({ step }) => step),
    ...countsOf(counted),
  };
}

/**
 * Compares an eval with a reference. The standard error of the drop is that of the paired test, else √(SE_ref² + SE_now²),
 * where the reference's is its own, or that of an eval over √3. `noise` is what earlier evals tell. Undefined when none of
 * them can be had: then nothing is judged.
 */
export function compareEval(
  now: Eval,
  given: Reference,
  noise: number | undefined,
  watched: Watched,
  limits: Limits,
  paired?: PairedError,
): Comparison | undefined {
  const drop = worseBy(now.value, given.value, watched.better);
  const single = singleError(now, given, noise, watched);
  if (single === undefined && paired === undefined) {
    return undefined;
  }
  const ofReference = given.standardError ?? (single && single.reference / Math.sqrt(given.steps.length));
  const reference = ofReference === undefined ? given : { ...given, standardError: ofReference };
  const standardError = paired?.standardError ?? Math.hypot(ofReference ?? 0, single?.now ?? 0);
  const source: ErrorSource = paired ? 'paired' : (single?.source ?? 'noise');
  const least = limits.minDelta * (watched.share ? 1 : Math.abs(given.value));
  const limit = Math.max(least, limits.standardErrors * standardError);
  return { reference, drop, standardError, source, limit, beyond: drop > limit };
}

/** Standard errors of one eval now and of one of the reference. */
function singleError(now: Eval, reference: Reference, noise: number | undefined, { share }: Watched) {
  const counts = toldBy(now.value, countsOf(now) ?? countsOf(reference));
  if (counts && share && isShare(now.value) && isShare(reference.value)) {
    const ofReference = countedError(reference.value, { ...counts, ...countsOf(reference) }, noise);
    // Both are estimates of one share if nothing changed. A lucky low one must not look certain: below one half the
    // error shrinks with the share, and flat runs at 0.3 would raise twice as many false alarms.
    const ofNow = Math.max(countedError(now.value, counts, noise), ofReference);
    return { now: ofNow, reference: ofReference, source: sourceOf(counts, ofNow, now.value) };
  }
  return noise === undefined ? undefined : { now: noise, reference: noise, source: 'noise' as const };
}

/** Standard error of an eval by itself, from its prompts and samples or from the noise of those before. */
export function errorOf(now: Eval, noise: number | undefined, { share }: Watched): number | undefined {
  const counts = toldBy(now.value, countsOf(now));
  return counts && share && isShare(now.value) ? countedError(now.value, counts, noise) : noise;
}

const countsOf = (one: Partial<Counts> | undefined): Counts | undefined =>
  one?.prompts === undefined
    ? undefined
    : { prompts: one.prompts, ...(one.samples !== undefined && { samples: one.samples }) };

/** A value that a whole number of right prompts gives was sampled once, as far as anybody can tell. */
function toldBy(value: number, counts: Counts | undefined): Counts | undefined {
  const right = value * (counts?.prompts ?? 0);
  return counts && Math.abs(right - Math.round(right)) < WHOLE ? { samples: 1, ...counts } : counts;
}

/** Where the error is less than what prompts alone give, samples told it. */
const sourceOf = ({ prompts }: Counts, error: number, value: number): ErrorSource =>
  error < shareError(value, prompts) ? 'samples' : 'prompts';

const isShare = (value: number) => value >= 0 && value <= 1;

/** Gives how much worse `value` is than `other`; negative when it is better. */
export const worseBy = (value: number, other: number, better: 'higher' | 'lower') =>
  better === 'higher' ? other - value : value - other;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
