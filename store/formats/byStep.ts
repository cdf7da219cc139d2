import type { LogEntry, LoggedTable } from '@rolloscope/contract/types';
import type { Steps } from '../Turn';

/** Steps that a table is split by; a column with more of them is an index. */
const MOST = 1_000;

/**
 * A table as entries, one a step that its column `step` gives, in the order of first coming, so that its latest rows are
 * those of its last step, as with a table that is logged step by step. Rows without one are of `own`.
 */
export function* byStep(name: string, { columns, rows }: LoggedTable, own: number | undefined): Steps<LogEntry[]> {
  const index = columns.findIndex((column) => (typeof column === 'string' ? column : column.name) === 'step');
  const steps = new Map<number | undefined, unknown[][]>();
  for (const row of rows) {
    const cell = row[index];
    const step = Number.isSafeInteger(cell) ? (cell as number) : own;
    const of = steps.get(step) ?? [];
    of.push(row);
    steps.set(step, of);
    if (steps.size > MOST) {
      return [entryOf(name, columns, own, rows)];
    }
    yield;
  }
  return [...steps].map(([step, of]) => entryOf(name, columns, step, of));
}

function entryOf(name: string, columns: LoggedTable['columns'], step: number | undefined, rows: unknown[][]): LogEntry {
  return { ...(step !== undefined && { step }), tables: { [name]: { columns, rows } } };
}
