import type { StepHistogram } from '@rolloscope/contract/types';
import type { Binned } from '../data/frame/histogramOf';

/** One side of the picture: a column of the table, cut into ranges. */
export interface Axis {
  column: string;
  /** `whole`: both ends belong to a range, as with steps. `half`: the upper end belongs to the next one, but for the last. */
  ends: 'whole' | 'half';
  ranges: ReadonlyArray<readonly [from: number, to: number]>;
}

/** The content of a distribution, whichever way it was asked for. */
export interface HeatModel {
  x: Axis;
  y: Axis;
  /** `counts[i][j]`: range i of x, range j of y. */
  counts: ReadonlyArray<readonly number[]>;
  /** Rollouts by range of x, those without a finite value included. */
  totals: readonly number[];
  /** The strength of cell i, j, 0–1: its share of its range of x by step, of the fullest cell otherwise. */
  strength: (i: number, j: number) => number;
  /** Statistics of each range of x, where that is steps. */
  statistics: readonly StepHistogram[];
  total: number;
}

const pairs = (edges: readonly number[]) => edges.slice(1).map((to, i) => [edges[i] ?? to, to] as const);

/** Makes the model of what was counted; returns undefined where there is nothing to show: no row has a finite value. */
export function heatModel(binned: Binned, names: { column: string; by: string }): HeatModel | undefined {
  const y: Axis = { column: names.column, ends: 'half', ranges: pairs(binned.edges) };
  if (y.ranges.length === 0) {
    return undefined;
  }
  const { steps, grid, total } = binned;
  if (grid) {
    const ranges = pairs(grid.edges);
    const counts = ranges.map((_, i) => grid.counts.map((line) => line[i] ?? 0));
    const fullest = Math.max(1, ...counts.flat());
    return {
      x: { column: names.by, ends: 'half', ranges },
      y,
      counts,
      totals: counts.map((line) => line.reduce((a, b) => a + b, 0)),
      strength: (i, j) => Math.sqrt((counts[i]?.[j] ?? 0) / fullest),
      statistics: [],
      total,
    };
  }
  const list = steps ?? [];
  return {
    x: { column: names.by, ends: 'whole', ranges: list.map(({ from, to }) => [from, to]) },
    y,
    counts: list.map(({ counts }) => counts),
    totals: list.map(({ n, nulls }) => n + nulls),
    strength: (i, j) => Math.sqrt((list[i]?.counts[j] ?? 0) / Math.max(1, list[i]?.n ?? 1)),
    statistics: list,
    total,
  };
}
