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
