import { binEdges } from '@rolloscope/contract/bins';
import { binOf, extentOf, isFiniteNumber } from './bins';
import type { Binned } from './histogramOf';

/** Counts how often values of two columns fall together, as the store does. */
export function gridOf(
  values: readonly (number | null)[],
  others: readonly (number | null)[],
  bins: number,
  otherBins: number,
): Binned {
  const rows = values
    .map((_, row) => row)
    .filter((row) => isFiniteNumber(values[row] ?? null) && isFiniteNumber(others[row] ?? null));
  const [range, otherRange] = [values, others].map((list) => extentOf(rows.map((row) => list[row] ?? null)));
  if (!range || !otherRange) {
    return { edges: [], grid: { edges: [], counts: [] }, total: 0 };
  }
  const edges = binEdges(...range, bins);
  const otherEdges = binEdges(...otherRange, otherBins);
  const counts = edges.slice(1).map(() => new Array<number>(otherEdges.length - 1).fill(0));
  for (const row of rows) {
    const line = counts[binOf(values[row] as number, edges)] ?? [];
    const bin = binOf(others[row] as number, otherEdges);
    line[bin] = (line[bin] ?? 0) + 1;
  }
  return { edges, grid: { edges: otherEdges, counts }, total: rows.length };
}
