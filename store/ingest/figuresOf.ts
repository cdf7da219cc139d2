import { type Figure, POLICY_AGE, ROW_METRICS, TURN_KINDS, TURN_SECONDS, WHOLE_SECONDS } from '@rolloscope/contract';
import type { StepRow } from '../engine/Engine';
import type { Steps } from '../Turn';

const SECONDS = TURN_KINDS.map((kind) => TURN_SECONDS[kind]);

/** Columns of which metrics are made, as `StepRow.cells` has them. */
export const FIGURED_COLUMNS: readonly string[] = [...SECONDS, POLICY_AGE];

interface RowFigures {
  of: string;
  figures: Array<{ figure: Figure; value: number }>;
  /** No row took any time for it. */
  isNothing: boolean;
}

/** Computes what rows are together; leaves out columns in which none has a number. */
export function* figuresOf(rows: readonly StepRow[]): Steps<RowFigures[]> {
  const all: RowFigures[] = [];
  for (const { of, figures } of ROW_METRICS) {
    const numbers = Float64Array.from(rows.flatMap((row) => numberOf(row, of) ?? [])).sort();
    if (numbers.length > 0) {
      all.push({
        of,
        figures: figures.map((figure) => ({ figure, value: figureOf(numbers, figure) })),
        isNothing: SECONDS.includes(of) && numbers.every((value) => value === 0),
      });
    }
    yield;
  }
  return all;
}

function numberOf({ cells }: StepRow, of: string): number | undefined {
  const read = (column: string) => cells[FIGURED_COLUMNS.indexOf(column)] ?? Number.NaN;
  const value = of === WHOLE_SECONDS ? SECONDS.reduce((sum, column) => sum + read(column), 0) : read(of);
  return Number.isFinite(value) ? value : undefined;
}

/** Quantiles are those of distributions: between two values in proportion. */
function figureOf(sorted: Float64Array, figure: Figure): number {
  if (figure === 'mean') {
    return sorted.reduce((sum, value) => sum + value / sorted.length, 0);
  }
  const place = (sorted.length - 1) * (figure === 'p50' ? 0.5 : 0.99);
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}
