/** Beyond this a value is off the chart where it also dwarfs the other values of its line so many times. */
const HUGE = 1e12;
const DWARFS = 1e6;

/** Points of a line that its chart cannot show where they are. */
export interface OddPoints {
  /** Their indices, ascending. */
  at: number[];
  /** The height at which each is marked instead: that of the line before it, or else after it. */
  heights: number[];
}

/**
 * Values that are not finite, and those so large that the rest of the line would be flat beside them. Undefined for a line
 * that has none, which is nearly every one.
 */
export function oddPoints(values: readonly number[]): OddPoints | undefined {
  const isHuge = values.some((value) => Math.abs(value) > HUGE);
  if (!isHuge && values.every((value) => Number.isFinite(value))) {
    return undefined;
  }
  const limit = isHuge ? Math.max(HUGE, DWARFS * medianSize(values)) : Number.POSITIVE_INFINITY;
  const isOdd = (value: number) => !Number.isFinite(value) || Math.abs(value) > limit;
  const found: OddPoints = { at: [], heights: [] };
  let height = values.find((value) => !isOdd(value)) ?? 0;
  values.forEach((value, i) => {
    if (isOdd(value)) {
      found.at.push(i);
      found.heights.push(height);
    } else {
      height = value;
    }
  });
  return found.at.length === 0 ? undefined : found;
}

function medianSize(values: readonly number[]): number {
  const sizes = values
    .map(Math.abs)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}
