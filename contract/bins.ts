/** The most steps that a distribution tells apart; more are joined in buckets of a power of two. */
const MOST_STEPS = 200;

/** Shares of a step's values at which a distribution tells quantiles. */
export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/**
 * Edges of `bins` equal bins from `min` to `max`, both finite: ascending, one more than there are bins. A single bin
 * where there is no room for more.
 */
export function binEdges(min: number, max: number, bins: number): number[] {
  if (min === max) {
    return [min - 0.5, min + 0.5].every((edge) => edge !== min) ? [min - 0.5, min + 0.5] : [min, max];
  }
  // Each side by itself: the difference of the largest numbers is beyond them.
  const edges = Array.from({ length: bins + 1 }, (_, i) =>
    i === 0 ? min : i === bins ? max : min * (1 - i / bins) + max * (i / bins),
  );
  return edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge)) ? edges : [min, max];
}

/**
 * Returns how many steps a distribution joins in one bucket, of `distinct` ones between `first` and `last`: a power of
 * two, 1 where each is told by itself. Buckets are anchored at step 0.
 */
export function stepsPerBucket(first: number, last: number, distinct: number): number {
  let width = 1;
  while (distinct > MOST_STEPS && Math.floor(last / width) - Math.floor(first / width) + 1 > MOST_STEPS) {
    width *= 2;
  }
  return width;
}
