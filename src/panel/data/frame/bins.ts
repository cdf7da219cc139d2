/** Edges of equal bins over finite values, ascending; one bin where there is no room for more. */
export function edgesOf(min: number, max: number, bins: number): number[] {
  if (min === max) {
    return [min - 0.5, min + 0.5].every((edge) => edge !== min) ? [min - 0.5, min + 0.5] : [min, max];
  }
  // Each side by itself: the difference of the largest numbers is beyond them.
  const edges = Array.from({ length: bins + 1 }, (_, i) =>
    i === 0 ? min : i === bins ? max : min * (1 - i / bins) + max * (i / bins),
  );
  return edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge)) ? edges : [min, max];
}

/** The bin of a value, by the edges themselves, since a filter made of them must find what the bin counts. */
export function binOf(value: number, edges: readonly number[]): number {
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (value >= (edges[middle] ?? 0)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

export const isFiniteNumber = (value: number | null): value is number => value !== null && Number.isFinite(value);

/** Lowest and highest finite value. */
export function extentOf(values: readonly (number | null)[]): [number, number] | undefined {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (isFiniteNumber(value)) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return min <= max ? [min, max] : undefined;
}
