import type { LoggedTable, Role } from '@rolloscope/contract/types';
import type { Steps } from '../Turn';
import { columnRoles } from './columnRoles';
import { epochMilliseconds } from './epochMilliseconds';
import { rewardCells } from './rewardCells';
import { sessionIds } from './sessionIds';
import { isStepName, wholeStep } from './stepNames';
import { unpivot, type WideTable } from './unpivot';

/**
 * A table of rollouts as a trainer logged it, ready for a log call: wide tables become rows, a reward is one number,
 * columns have our words and their roles, `step` and `time` are whole numbers or go under another name. Rows that are too
 * short are filled with nulls. Texts that stand for a number that JSON cannot write ("NaN") stay as they are: the store
 * reads them so. `roles` are by the trainer's column names, for those that do not tell their role; null for none.
 */
export function* rolloutTable(table: WideTable, roles?: Readonly<Record<string, Role | null>>): Steps<LoggedTable> {
  const { columns, rows } = yield* sessionIds(yield* rewardCells(yield* unpivot(table)));
  const named = columnRoles(columns, roles);
  const cells: unknown[][] = [];
  for (const row of rows) {
    cells.push(named.map((_, i) => row[i] ?? null));
    yield;
  }
  // Trainers call the step by names of their own (OpenRLHF: `global_step`); one that is none stays as it is.
  const step = named.some(({ name }) => name === 'step') ? -1 : columns.findIndex(isStepName);
  const called = named[step];
  if (called && (yield* convertCells(cells, step, wholeStep))) {
    called.name = 'step';
  }
  for (const [i, column] of named.entries()) {
    const convert = column.name === 'step' ? wholeStep : column.name === 'time' ? epochMilliseconds : undefined;
    if (convert && !(yield* convertCells(cells, i, convert))) {
      column.name = `logged_${column.name}`;
    }
  }
  return { columns: named.map(({ name, role }) => (role === undefined ? name : { name, role })), rows: cells };
}

/** Converts a column's cells; false, and all stay as they are, where one is not what it should be. */
function* convertCells(
  rows: unknown[][],
  column: number,
  convert: (cell: unknown) => number | undefined,
): Steps<boolean> {
  const converted: (number | null)[] = [];
  for (const row of rows) {
    const cell = row[column] === null ? null : convert(row[column]);
    if (cell === undefined) {
      return false;
    }
    converted.push(cell);
    yield;
  }
  for (const [r, row] of rows.entries()) {
    row[column] = converted[r] ?? null;
    yield;
  }
  return true;
}
