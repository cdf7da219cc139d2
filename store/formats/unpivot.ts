import { LIMITS } from '@rolloscope/contract';
import { StoreError } from '../StoreError';
import type { Steps } from '../Turn';

/** A table as it was logged, by rows. */
export interface WideTable {
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
}

const NUMBERED = /^(.+?)_(\d{1,6})$/;
/** Names that make a set of numbered columns a sample: a text that went in or came out. */
const TEXTS = new Set(['input', 'output', 'prompt', 'response', 'completion', 'generation', 'question']);
/** Columns of a wide table: samples of a step, by what is logged of each. */
export const MOST_COLUMNS = 20_000;
/** Cells of a table that is made of another, or of records: many names in few of them would make far more than came. */
export const MOST_CELLS = 4_000_000;

/**
 * Turns a wide table into rows: `step, input_1, output_1, score_1, input_2 …` has one row a step, and becomes one row a
 * sample, with `step` repeated and the number as `sample`. Samples that are empty in a row are left out. A table that is
 * not wide, or too wide, comes back as it is. (verl's `val/generations` is written so.) Throws `limit_exceeded`.
 */
export function* unpivot(table: WideTable): Steps<WideTable> {
  if (table.columns.length > MOST_COLUMNS) {
    return table;
  }
  const samples = new Map<number, Map<string, number>>();
  const kept: number[] = [];
  table.columns.forEach((column, i) => {
    const [, base, number] = NUMBERED.exec(column) ?? [];
    if (base === undefined || number === undefined) {
      kept.push(i);
    } else {
      const of = samples.get(Number(number)) ?? new Map<string, number>();
      samples.set(Number(number), of.set(base, i));
    }
  });
  const bases = [...new Set([...samples.values()].flatMap((of) => [...of.keys()]))];
  const width = kept.length + 1 + bases.length;
  if (!bases.some((base) => TEXTS.has(base)) || width > LIMITS.columns) {
    return table;
  }
  const numbers = [...samples].sort(([a], [b]) => a - b);
  const rows: unknown[][] = [];
  for (const row of table.rows) {
    for (const [number, of] of numbers) {
      const cells = bases.map((base) => row[of.get(base) ?? -1] ?? null);
      if (cells.some((cell) => cell !== null)) {
        rows.push([...kept.map((i) => row[i] ?? null), number, ...cells]);
      }
      if (rows.length * width > MOST_CELLS) {
        throw new StoreError('limit_exceeded', `its samples have more cells than the limit of ${MOST_CELLS}`);
      }
      yield;
    }
  }
  return { columns: [...kept.map((i) => table.columns[i] ?? ''), 'sample', ...bases], rows };
}
