import type { Counts, PairedError } from './Eval';

/** Evals of which the noise is taken, at the most, and differences between them, at the least. */
export const NOISE_EVALS = 40;
const NOISE_DIFFERENCES = 4;

/**
 * Standard error of a share over n prompts. Agresti–Coull's addition of one success and one failure keeps a share of 0
 * or 1 from being certain.
 */
export function shareError(share: number, prompts: number): number {
  const smoothed = (share * prompts + 1) / (prompts + 2);
  return Math.sqrt((smoothed * (1 - smoothed)) / prompts);
}

/** The likeness of samples of one prompt while nothing tells it: half of what differs, differs by prompt. */
const LIKENESS = 0.5;
/** Evals that differ by less than this part of what their prompts alone would explain were sampled more than once. */
const FAR_LESS = 0.45;

/**
 * Standard error of a share over prompts that were sampled several times. Samples count by Kish's design effect,
 * 1 + (samples − 1) × likeness, which lies between 1 and the number of samples; how much neighbouring evals differ tells
 * it, and half of it is taken while they do not. Where nobody told of samples, evals that differ far less than prompts
 * alone explain tell that there are more.
 */
export function countedError(share: number, { prompts, samples }: Counts, noise: number | undefined): number {
  const ofPrompts = shareError(share, prompts);
  if (samples === undefined) {
    return noise !== undefined && noise < FAR_LESS * ofPrompts ? noise : ofPrompts;
  }
  if (noise === undefined) {
    return ofPrompts * Math.sqrt((1 + (samples - 1) * LIKENESS) / samples);
  }
  return Math.min(ofPrompts, Math.max(noise, shareError(share, prompts * samples)));
}

/**
 * Standard error of one eval, from how much neighbouring evals differ (von Neumann's estimate, to which a trend adds
 * little). It is widened while it rests on few; undefined with fewer than four differences. `tests/alerting` simulates it.
 */
export function noiseError(differences: readonly number[]): number | undefined {
  const squares = differences.slice(-NOISE_EVALS).map((one) => one ** 2);
  if (squares.length < NOISE_DIFFERENCES) {
    return undefined;
  }
  const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  return Math.sqrt(mean / 2) * (1.05 + 4 / squares.length);
}

/**
 * McNemar's test, and its extension to samples per prompt and to the mean of several earlier evals: under "nothing
 * changed" the mean of the differences has this standard error. With one sample each it is √(b + c) / n, where b and c
 * count the prompts that went either way. Keys are prompts; those in only one of the two are left out.
 */
export function pairedError(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): PairedError | undefined {
  let prompts = 0;
  let squares = 0;
  for (const [prompt, value] of now) {
    const earlier = before.get(prompt);
    if (earlier !== undefined) {
      prompts++;
      squares += (value - earlier) ** 2;
    }
  }
  return prompts === 0 ? undefined : { standardError: Math.sqrt(squares) / prompts, prompts };
}
