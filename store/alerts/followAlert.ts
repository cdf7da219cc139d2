import type { Comparison } from './Eval';

/**
 * An alert closes when the mean of so many evals lies within that part of the limit that opened it, so that one decline
 * does not open and close it again and again. The reference, the best of many, is a lucky one; a baseline is not.
 */
export const CLOSES = { regression: { evals: 3, within: 0.4 }, belowBaseline: { evals: 5, within: 0.05 } } as const;

/**
 * Says whether an alert is open after an eval: it opens when this comparison and the one before are both beyond their
 * limits. `newest`: those by which it may close, this one the last. What cannot be compared leaves it as it is.
 */
export function followAlert(
  isOpen = false,
  before: Comparison | undefined,
  newest: readonly (Comparison | undefined)[],
  closes: { evals: number; within: number },
): boolean {
  const now = newest.at(-1);
  if (!now) {
    return isOpen;
  }
  if (!isOpen) {
    return now.beyond && before?.beyond === true;
  }
  const drops = newest.flatMap((one) => (one ? [one.drop] : []));
  const mean = drops.reduce((sum, drop) => sum + drop, 0) / drops.length;
  return now.beyond || drops.length < closes.evals || mean > closes.within * now.limit;
}
