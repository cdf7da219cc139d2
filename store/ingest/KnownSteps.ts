import type { StepRow } from '../engine/Engine';

/** Rows in memory, over all runs: a few dozen megabytes. */
const MOST_ROWS = 100_000;
/**
 * Rows of one step of which metrics are made: with each batch they are looked at anew, and who logs without end at step 0
 * would keep every commit waiting.
 */
export const MOST_ROWS_OF_STEP = 32_768;
/** Steps of a table: those of rollouts under way at a time. */
const MOST_STEPS = 16;

/** The rows of a step; of one with too many only that. */
export type KnownRows = readonly StepRow[] | 'too many';

interface KnownTable {
  /** The highest step of its entries; below any where it has none. */
  highest: number;
  steps: Map<number, KnownRows>;
}

/**
 * Rows of the steps that tables were given some of last, so that one whose rows come in many batches is not read anew with
 * each of them. What is not here is asked of the engine.
 */
export class KnownSteps {
  /** Known steps by run and table; the run that was written to last is at the end. */
  private readonly runs = new Map<string, Map<string, KnownTable>>();
  private rows = 0;

  constructor(private readonly mostRows = MOST_ROWS) {}

  /** Returns undefined where only the engine knows. */
  at(run: string, table: string, step: number): KnownRows | undefined {
    const known = this.runs.get(run)?.get(table);
    return known?.steps.get(step) ?? (known && step > known.highest ? [] : undefined);
  }

  highest(run: string, table: string): number | undefined {
    return this.runs.get(run)?.get(table)?.highest;
  }

  /** Keeps the rows of steps that are durable by now. */
  set(run: string, table: string, highest: number, steps: ReadonlyMap<number, KnownRows>): void {
    const tables = this.runs.get(run) ?? new Map<string, KnownTable>();
    const known = tables.get(table) ?? { highest, steps: new Map() };
    known.highest = Math.max(known.highest, highest);
    for (const [step, rows] of steps) {
      this.rows += sizeOf(rows) - sizeOf(known.steps.get(step));
      known.steps.delete(step);
      known.steps.set(step, rows);
    }
    for (const [step, rows] of known.steps) {
      if (known.steps.size <= MOST_STEPS) {
        break;
      }
      this.rows -= sizeOf(rows);
      known.steps.delete(step);
    }
    this.runs.delete(run);
    this.runs.set(run, tables.set(table, known));
    for (const oldest of this.runs.keys()) {
      if (this.rows <= this.mostRows) {
        break;
      }
      this.delete(oldest);
    }
  }

  delete(run: string): void {
    for (const { steps } of this.runs.get(run)?.values() ?? []) {
      for (const rows of steps.values()) {
        this.rows -= sizeOf(rows);
      }
    }
    this.runs.delete(run);
  }
}

const sizeOf = (rows: KnownRows | undefined) => (Array.isArray(rows) ? rows.length : 0);
