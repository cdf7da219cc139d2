import { guessRole } from '@rolloscope/contract';
import type { ColumnType, Role } from '@rolloscope/contract/types';
import type { TableColumn } from '../engine/Engine';

/** How programs write numbers that are not finite, besides the contract's own way. */
const NON_FINITE_WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['+infinity', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);

/** What stands for a number among numbers: a boolean as 0 or 1, a text that says it is not finite. */
function numberOf(cell: unknown): number | undefined {
  switch (typeof cell) {
    case 'number':
      return cell;
    case 'boolean':
      return Number(cell);
    case 'string':
      return NON_FINITE_WORDS.get(cell.toLowerCase());
    default:
      return undefined;
  }
}

/** Roles whose columns are read as numbers, whatever odd cell is among them. */
const NUMERIC_ROLES: ReadonlySet<Role | undefined> = new Set<Role>(['reward', 'rewardPart', 'advantage']);

/**
 * The type of a logged column, from its cells; `known` is what the run's table has under that name so far. Booleans, and
 * texts that say that a number is not finite, are numbers where others are; a column of nulls takes the known type. In a
 * column of rewards or advantages one number makes all of it numbers: `splitOdd` keeps what is none.
 */
export function inferType(cells: readonly unknown[], known?: ColumnType, role?: Role): ColumnType {
  const present = cells.filter((cell) => cell !== null && cell !== undefined);
  if (present.length === 0) {
    return known ?? 'string';
  }
  const all = (type: string) => present.every((cell) => typeof cell === type);
  const hasNumbers = known === 'number' || present.some((cell) => typeof cell === 'number');
  if (hasNumbers && (NUMERIC_ROLES.has(role) || present.every((cell) => numberOf(cell) !== undefined))) {
    return 'number';
  }
  return all('boolean') ? 'boolean' : all('string') ? 'string' : 'json';
}

/** Cells in the type of their column. */
export function convert(cells: readonly unknown[], type: ColumnType): unknown[] {
  return cells.map((cell) => {
    if (cell === undefined || cell === null) {
      return null;
    }
    return type === 'number' ? (numberOf(cell) ?? null) : cell;
  });
}

/** The cells of a column of numbers that are none, as texts, in their rows; undefined where all are numbers. */
export function splitOdd(cells: readonly unknown[], type: ColumnType): (string | null)[] | undefined {
  if (type !== 'number') {
    return undefined;
  }
  const odd = cells.map((cell) =>
    cell === undefined || cell === null || numberOf(cell) !== undefined
      ? null
      : typeof cell === 'string'
        ? cell
        : JSON.stringify(cell),
  );
  return odd.some((text) => text !== null) ? odd : undefined;
}

/**
 * Roles of a table's columns: what the log call gave, else what the run's table has, else what the name tells. Only
 * `rewardPart` may be played by several.
 */
export function assignRoles(
  columns: ReadonlyArray<{ name: string; type: ColumnType; role?: Role }>,
  known: ReadonlyMap<string, TableColumn>,
): Array<Role | undefined> {
  const taken = new Set(columns.map(({ role }) => role).filter((role) => role !== undefined));
  return columns.map(({ name, type, role }) => {
    const guess = roleOf(name, role, known.get(name));
    if (role !== undefined || guess === undefined || guess === 'rewardPart') {
      return guess;
    }
    const fits = guess !== 'reward' || type === 'number' || type === 'boolean';
    if (taken.has(guess) || !fits) {
      return undefined;
    }
    taken.add(guess);
    return guess;
  });
}

/** The role that a column would have by itself, whatever its cells are. */
export const roleOf = (name: string, given: Role | undefined, known: TableColumn | undefined): Role | undefined =>
  given ?? known?.role ?? guessRole(name);
