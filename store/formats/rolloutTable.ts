import type { LoggedTable, Role } from '@rolloscope/contract/types';
import type { Steps } from '../Turn';
import { columnRoles } from './columnRoles';
import { rewardCells } from './rewardCells';
import { unpivot, type WideTable } from './unpivot';

/** Epoch seconds and milliseconds of this century: what a `time` may be taken for. */
const SECONDS = [946_684_800, 4_102_444_800] as const;

/**
 * A table of rollouts as a trainer logged it, ready for a log call: wide tables become rows, a reward is one
 * number, columns have our words and their roles, `step` and `time` are whole numbers or go under another name. Rows that are too short are filled with
 * nulls. Texts that stand for a number that JSON cannot write ("NaN") stay as they are: the store reads them so. `roles`
 * are by the trainer's column names, for those that do not tell their role.
 */
export function* rolloutTable(table: WideTable, roles?: Readonly<Record<string, Role | null>>): Steps<LoggedTable> {
  const { columns, rows } = yield* rewardCells(yield* unpivot(table));
  const named = columnRoles(columns, roles);
  const cells: unknown[][] = [];
  for (const row of rows) {
    cells.push(named.map((_, i) => row[i] ?? null));
    yield;
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

/** TRL writes steps as strings. */
function wholeStep(cell: unknown): number | undefined {
  const step = typeof cell === 'string' && /^-?\d+(\.0+)?$/.test(cell) ? Number(cell) : cell;
  return typeof step === 'number' && Number.isSafeInteger(step) ? step : undefined;
}

/** Epoch milliseconds of what is epoch seconds, or milliseconds already; undefined for any other number. */
export function epochMilliseconds(value: unknown): number | undefined {
  if (typeof value !== 'number') {
    return undefined;
  }
  const within = (number: number) => number >= SECONDS[0] && number <= SECONDS[1];
  return within(value) ? Math.round(value * 1_000) : within(value / 1_000) ? Math.round(value) : undefined;
}
