import type { Strength } from './divergingColor';

/** A mark of the legend: a value, or a range that one colour stands for. */
export interface LegendEntry {
  label: string;
  color: Strength | undefined;
}

/** A colour scale: it colours the rows of a table by one of its columns. */
export interface ColorScale {
  column: string;
  colorOf(value: unknown): Strength | undefined;
  /** Named colours of a stepped scale; empty for one that flows. */
  entries: LegendEntry[];
  /** Values at which a scale that flows is shown, ascending: its ends, and 0 between them where it turns there. */
  marks?: number[];
}
