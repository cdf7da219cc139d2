/** What one bucket of a reduction may return at the most. */
const POINTS_PER_BUCKET = { extremes: 4, mean: 1, last: 1, none: 0 } as const;

/**
 * Width of the buckets, a power of two, that bring `count` points between `min` and `max` down to `maxPoints`; 0 when
 * nothing needs to be left out. Buckets are anchored at 0, so the same range always falls into the same buckets.
 */
export function bucketWidth(
  reduce: keyof typeof POINTS_PER_BUCKET,
  range: { count: number; min: number; max: number; nonFinite: number },
  maxPoints: number,
): number {
  if (reduce === 'none' || range.count <= maxPoints) {
    return 0;
  }
  const perBucket = POINTS_PER_BUCKET[reduce] + (reduce === 'extremes' && range.nonFinite > 0 ? 1 : 0);
  const buckets = Math.max(1, Math.floor(maxPoints / perBucket));
  let width = 1;
  while (Math.floor(range.max / width) - Math.floor(range.min / width) + 1 > buckets) {
    width *= 2;
  }
  return width;
}
