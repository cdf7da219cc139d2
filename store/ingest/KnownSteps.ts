import type { StepRow } from '../engine/Engine';

/** Rows in memory, over all runs: a few dozen megabytes. */
const MOST_ROWS = 100_000;
/** Steps of a table: those of rollouts under way at a time. */
const MOST_STEPS = 16;

interface KnownTable {
  /** The highest step of its entries; below any where it has none. */
  highest: number;
  steps: Map<number, readonly StepRow[]>;
}

/**
 * Rows of the steps that tables were given some of last, so that one whose rows come in many batches is not read anew with
 * each of them. What is not here is asked of the engine.
 */
export class KnownSteps {
  /** By run and table, that which was written to last at the end. */
  private readonly runs = new Map<string, Map<string, KnownTable>>();
  private rows = 0;

  constructor(private readonly mostRows = MOST_ROWS) {}

  /** Undefined where only the engine knows. */
  at(run: string, table: string, step: number): readonly StepRow[] | undefined {
    const known = this.runs.get(run)?.get(table);
    return known?.steps.get(step) ?? (known && step > known.highest ? [] : undefined);
  }

  highest(run: string, table: string): number | undefined {
    return this.runs.get(run)?.get(table)?.highest;
  }

  /** What is durable by now. */
  set(run: string, table: string, highest: number, steps: ReadonlyMap<number, readonly StepRow[]>): void {
    const tables = this.runs.get(run) ?? new Map<string, KnownTable>();
    const known = tables.get(table) ?? { highest, steps: new Map() };
    known.highest = Math.max(known.highest, highest);
    for (const [step, rows] of steps) {
      this.rows += rows.length - (known.steps.get(step)?.length ?? 0);
      known.steps.delete(step);
      known.steps.set(step, rows);
    }
    for (const [step, rows] of known.steps) {
      if (known.steps.size <= MOST_STEPS) {
        break;
      }
      this.rows -= rows.length;
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
        this.rows -= rows.length;
      }
    }
    this.runs.delete(run);
  }
}
