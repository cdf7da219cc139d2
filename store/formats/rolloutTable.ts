import type { LoggedTable, Role } from '@rolloscope/contract/types';
import { columnRoles } from './columnRoles';
import { unpivot, type WideTable } from './unpivot';

/** Epoch seconds and milliseconds of this century: what a `time` may be taken for. */
const SECONDS = [946_684_800, 4_102_444_800] as const;

/**
 * A table of rollouts as a trainer logged it, ready for a log call: wide tables become rows, columns have our words and
 * their roles, `step` and `time` are whole numbers or go under another name. Rows that are too short are filled with
 * nulls. Texts that stand for a number that JSON cannot write ("NaN") stay as they are: the store reads them so. `roles`
 * are by the trainer's column names, for those that do not tell their role.
 */
export function rolloutTable(table: WideTable, roles?: Readonly<Record<string, Role>>): LoggedTable {
  const { columns, rows } = unpivot(table);
  const named = columnRoles(columns, roles);
  const cells = rows.map((row) => named.map((_, i) => row[i] ?? null));
  named.forEach((column, i) => {
    const convert = column.name === 'step' ? wholeStep : column.name === 'time' ? epochMilliseconds : undefined;
    if (!convert) {
      return;
    }
    const converted = cells.map((row) => (row[i] === null ? null : convert(row[i])));
    if (converted.every((cell) => cell !== undefined)) {
      cells.forEach((row, r) => {
        row[i] = converted[r] ?? null;
      });
    } else {
      column.name = `logged_${column.name}`;
    }
  });
  return { columns: named.map(({ name, role }) => (role ? { name, role } : name)), rows: cells };
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
