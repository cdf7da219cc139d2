import type { Strength } from './divergingColor';

/** A mark of the legend: a value, or a range that one colour stands for. */
export interface LegendEntry {
  label: string;
  color: Strength | undefined;
}

/** How the rows of a table are coloured by one of its columns. */
export interface ColorScale {
  column: string;
  colorOf(value: unknown): Strength | undefined;
  /** Named colours of a stepped scale; empty for one that flows. */
  entries: LegendEntry[];
  /** Lowest and highest value of a scale that flows. */
  range?: { min: number; max: number };
}
