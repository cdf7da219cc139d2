import { guessRole, NON_FINITE } from '@rolloscope/contract';
import type { ColumnType, Role } from '@rolloscope/contract/types';
import type { TableColumn } from '../engine/Engine';

const NON_FINITE_TEXTS: ReadonlySet<unknown> = new Set(NON_FINITE);

/**
 * The type of a logged column, from its cells; `known` is what the run's table has under that name so far. Numbers may
 * have non-finite ones among them, written as strings; a column of nulls takes the known type.
 */
export function inferType(cells: readonly unknown[], known?: ColumnType): ColumnType {
  const present = cells.filter((cell) => cell !== null && cell !== undefined);
  if (present.length === 0) {
    return known ?? 'string';
  }
  const all = (type: string) => present.every((cell) => typeof cell === type);
  if (
    all('number') ||
    (isNumeric(present) && (known === 'number' || present.some((cell) => typeof cell === 'number')))
  ) {
    return 'number';
  }
  return all('boolean') ? 'boolean' : all('string') ? 'string' : 'json';
}

const isNumeric = (cells: readonly unknown[]) =>
  cells.every((cell) => typeof cell === 'number' || NON_FINITE_TEXTS.has(cell));

/** Cells in the type of their column. */
export function convert(cells: readonly unknown[], type: ColumnType): unknown[] {
  return cells.map((cell) => {
    if (cell === undefined || cell === null) {
      return null;
    }
    return type === 'number' && typeof cell === 'string' ? Number(cell) : cell;
  });
}

/**
 * Roles of a table's columns: what the log call gave, else what the run's table has, else what the name tells. Only
 * `rewardPart` may be played by several.
 */
export function assignRoles(
  columns: ReadonlyArray<{ name: string; type: ColumnType; role?: Role }>,
  known: readonly TableColumn[],
): Array<Role | undefined> {
  const taken = new Set(columns.map(({ role }) => role).filter((role) => role !== undefined));
  return columns.map(({ name, type, role }) => {
    const guess = role ?? known.find((column) => column.name === name)?.role ?? guessRole(name);
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
