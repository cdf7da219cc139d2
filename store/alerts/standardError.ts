import type { Eval, PairedError } from './Eval';

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

/**
 * Standard error of one eval, from how much neighbouring evals differ (von Neumann's estimate, to which a trend adds
 * little). It is widened while it rests on few; undefined with fewer than five evals. `tests/alerting` simulates it.
 */
export function noiseError(evals: readonly Eval[]): number | undefined {
  const newest = evals.slice(-NOISE_EVALS);
  const squares = newest.slice(1).map(({ value }, i) => (value - (newest[i]?.value ?? value)) ** 2);
  if (squares.length < NOISE_DIFFERENCES) {
    return undefined;
  }
  const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  return Math.sqrt(mean / 2) * (1 + 4 / squares.length);
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
