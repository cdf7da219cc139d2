/** The most points that one bucket of a reduction may return. */
const POINTS_PER_BUCKET = { extremes: 4, mean: 1, last: 1, none: 0 } as const;

/** Buckets are `2 ** shift` wide; null leaves every point as it is. */
export interface Bucketing {
  shift: number | null;
  /** Some value is not finite, and is kept beside the extremes. */
  nonFinite: boolean;
}

/** Beyond this no bucket has a bound: all is one, also what lies on both sides of 0. */
const ONE_BUCKET = 63;

/**
 * The buckets that bring `count` points between `min` and `max` down to `maxPoints`. They are anchored at 0, so the
 * same range always falls into the same buckets.
 */
export function bucketWidth(
  reduce: keyof typeof POINTS_PER_BUCKET,
  range: { count: number; min: number; max: number; nonFinite: number },
  maxPoints: number,
): Bucketing {
  // With room for four points alone, a point that is not finite is kept only where it is the first or the last.
  const nonFinite = range.nonFinite > 0 && maxPoints > POINTS_PER_BUCKET.extremes;
  if (reduce === 'none' || range.count <= maxPoints) {
    return { shift: null, nonFinite };
  }
  const perBucket = POINTS_PER_BUCKET[reduce] + (reduce === 'extremes' && nonFinite ? 1 : 0);
  const buckets = Math.max(1, Math.floor(maxPoints / perBucket));
  let shift = 0;
  while (shift < ONE_BUCKET && bucketOf(range.max, shift) - bucketOf(range.min, shift) + 1 > buckets) {
    shift++;
  }
  return { shift, nonFinite };
}

const bucketOf = (x: number, shift: number) => Math.floor(x / 2 ** shift);

/** The lowest x of the bucket that `x` falls into. */
export function bucketStart(x: number, { shift }: Bucketing): number {
  if (shift === null) {
    return x;
  }
  return shift >= ONE_BUCKET ? Number.MIN_SAFE_INTEGER : bucketOf(x, shift) * 2 ** shift;
}
