import { binEdges, QUANTILES, stepsPerBucket } from '@rolloscope/contract/bins';
import type { DistributionAnswer, StepHistogram } from '@rolloscope/contract/types';
import { binOf, extentOf, isFiniteNumber } from './bins';

export type Binned = Pick<DistributionAnswer, 'edges' | 'steps' | 'grid' | 'total'>;

/** Counts values in memory by step, as the store's `/query/distribution` does. Rows without a step are left out. */
export function histogramOf(
  values: readonly (number | null)[],
  steps: readonly (number | null)[],
  bins: number,
): Binned {
  const rows = values.map((_, row) => row).filter((row) => isFiniteNumber(steps[row] ?? null));
  const range = extentOf(rows.map((row) => values[row] ?? null));
  const edges = range ? binEdges(...range, bins) : [];
  const distinct = [...new Set(rows.map((row) => steps[row] as number))].sort((a, b) => a - b);
  const [first = 0, last = 0] = [distinct[0], distinct.at(-1)];
  const width = stepsPerBucket(first, last, distinct.length);
  const buckets = new Map<number, number[]>();
  for (const row of rows) {
    // Steps of a foreign frame need not be whole; each is a column of its own then.
    const step = steps[row] as number;
    const bucket = width === 1 ? step : Math.floor(step / width);
    const of = buckets.get(bucket) ?? [];
    buckets.set(bucket, of);
    of.push(row);
  }
  const histograms = [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([bucket, list]) => ({
      from: width === 1 ? bucket : bucket * width,
      to: width === 1 ? bucket : bucket * width + width - 1,
      ...describe(
        list.map((row) => values[row] ?? null),
        edges,
      ),
    }));
  return { edges, steps: histograms, total: rows.length };
}

function describe(values: (number | null)[], edges: readonly number[]): Omit<StepHistogram, 'from' | 'to'> {
  const present = values.filter((value) => value !== null);
  const finite = present.filter(isFiniteNumber).sort((a, b) => a - b);
  const counts = new Array<number>(Math.max(0, edges.length - 1)).fill(0);
  for (const value of finite) {
    const bin = binOf(value, edges);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const all = { counts, n: present.length, nulls: values.length - present.length };
  const [min, max] = [finite[0], finite.at(-1)];
  if (min === undefined || max === undefined) {
    return all;
  }
  const mean = finite.reduce((sum, value) => sum + value / finite.length, 0);
  const sd = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2 / finite.length, 0));
  return { ...all, mean, sd, min, max, quantiles: QUANTILES.map((share) => quantile(finite, share)) };
}

/** The value at a share, 0–1, of ascending values: between two of them in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [low = 0, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}
