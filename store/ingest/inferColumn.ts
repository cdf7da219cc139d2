import { guessRole, guessTextRole, isLargeInteger, isReference } from '@rolloscope/contract';
import type { ColumnType, Role } from '@rolloscope/contract/types';
import type { TableColumn } from '../engine/Engine';
import type { Steps } from '../Turn';
import type { LoggedRole } from './prepareLog';

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

const LONGEST_WORD = 9;

/** What stands for a number among numbers: a boolean as 0 or 1, a text that says it is not finite, or too large. */
function numberOf(cell: unknown): number | undefined {
  switch (typeof cell) {
    case 'number':
      return cell;
    case 'boolean':
      return Number(cell);
    case 'string':
      return cell.length > LONGEST_WORD ? largeNumber(cell) : NON_FINITE_WORDS.get(cell.toLowerCase());
    default:
      return undefined;
  }
}

/** What JavaScript writes for a large number reads as an integer beyond 2^53: a number, if it is the same to the digit. */
const largeNumber = (text: string) =>
  isLargeInteger(text) && String(Number(text)) === text ? Number(text) : undefined;

/** Roles whose columns are read as numbers, whatever odd cell is among them. */
const NUMERIC_ROLES: ReadonlySet<Role | undefined> = new Set<Role>(['reward', 'rewardPart', 'advantage']);

const TEXT_ROLES: ReadonlySet<Role | undefined> = new Set<Role>(['prompt', 'response', 'messages']);

/** Kinds of cells, as bits. */
const NUMBER = 1;
const BOOLEAN = 2;
/** A text that says that a number is not finite, and any other one. */
const WORD = 4;
const TEXT = 8;
const OTHER = 16;
/** A number with a fraction, by which a column is one of measures; and an integer beyond 2^53 that a number holds. */
const FRACTION = 32;
const LARGE = 64;

function kindOf(cell: unknown): number {
  switch (typeof cell) {
    case 'number':
      return Number.isInteger(cell) ? NUMBER : NUMBER | FRACTION;
    case 'boolean':
      return BOOLEAN;
    case 'string':
      return numberOf(cell) === undefined ? TEXT : cell.length > LONGEST_WORD ? LARGE : WORD;
    default:
      return cell === null || cell === undefined ? 0 : OTHER;
  }
}

/** Whether all cells are of some of these kinds. */
const areOf = (kinds: number, some: number) => (kinds & ~(some | FRACTION)) === 0;

/** The kinds of all cells of a column. */
export function* kindsOf(cells: readonly unknown[]): Steps<number> {
  let kinds = 0;
  for (const cell of cells) {
    kinds |= kindOf(cell);
    yield;
  }
  return kinds;
}

/**
 * The type of a logged column, from the kinds of its cells; `known` is what the run's table has under that name so far.
 * Booleans, and texts that say that a number is not finite, are numbers where others are; a column of nulls takes the
 * known type. In a column of rewards or advantages one number makes all of it numbers: `splitOdd` keeps what is none.
 * Rewards begin as numbers, too, where nothing was scored at first.
 * Integers beyond 2^53 stay texts, to the digit, but in a column of measures those that a number holds.
 */
export function inferType(kinds: number, known?: ColumnType, role?: Role): ColumnType {
  if (known === undefined && (role === 'reward' || role === 'advantage') && areOf(kinds, WORD)) {
    return 'number';
  }
  if (kinds === 0) {
    return known ?? 'string';
  }
  const hasNumbers = known === 'number' || (kinds & NUMBER) > 0;
  const rounds = (kinds & FRACTION) > 0 ? LARGE : 0;
  if (hasNumbers && (NUMERIC_ROLES.has(role) || areOf(kinds, NUMBER | BOOLEAN | WORD | rounds))) {
    return 'number';
  }
  return areOf(kinds, BOOLEAN) ? 'boolean' : areOf(kinds, TEXT | WORD | LARGE) ? 'string' : 'json';
}

/** Cells in the type of their column. */
export function* convert(cells: readonly unknown[], type: ColumnType, kinds: number): Steps<unknown[]> {
  if (type !== 'number' || areOf(kinds, NUMBER)) {
    return cells as unknown[];
  }
  const numbers: unknown[] = [];
  for (const cell of cells) {
    numbers.push(numberOf(cell) ?? null);
    yield;
  }
  return numbers;
}

/** The cells of a column of numbers that are none, as texts, in their rows; undefined where all are numbers. */
export function* splitOdd(
  cells: readonly unknown[],
  type: ColumnType,
  kinds: number,
): Steps<(string | null)[] | undefined> {
  if (type !== 'number' || areOf(kinds, NUMBER | BOOLEAN | WORD | LARGE)) {
    return undefined;
  }
  const odd: (string | null)[] = [];
  for (const cell of cells) {
    const isNone = cell === undefined || cell === null || numberOf(cell) !== undefined;
    odd.push(isNone ? null : typeof cell === 'string' ? cell : JSON.stringify(cell));
    yield;
  }
  return odd;
}

/**
 * Roles of a table's columns: what the log call gave, else what the run's table has, else what the name tells. Only
 * `rewardPart` may be played by several.
 */
export function assignRoles(
  columns: ReadonlyArray<LoggedRole & { type: ColumnType }>,
  known: ReadonlyMap<string, TableColumn>,
): Array<Role | undefined> {
  const taken = new Set(columns.map(({ role }) => role).filter((role) => role !== undefined && role !== null));
  // `generation`, `input` and the like may count something: where no text stands under any of them, they do.
  const texts = columns.filter(({ name, role }) => TEXT_ROLES.has(roleOf(name, role, known.get(name))));
  const areCounts = texts.every(({ name, type, role }) => type === 'number' && role === undefined && !known.has(name));
  const roles = columns.map(({ name, type, role }) => {
    const guess = roleOf(name, role, known.get(name));
    if (areCounts && TEXT_ROLES.has(guess)) {
      return undefined;
    }
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
  const played = new Set(roles.filter((role) => role !== undefined));
  for (const isLast of [false, true]) {
    for (const [i, { name, type, role }] of columns.entries()) {
      const isText = type === 'string' || type === 'json';
      if (roles[i] === undefined && role === undefined && isText && isReference(name) === isLast) {
        const late = guessTextRole(name, played);
        roles[i] = late;
        if (late !== undefined) {
          played.add(late);
        }
      }
    }
  }
  return roles;
}

/** The role that a column would have by itself, whatever its cells are. */
export const roleOf = (name: string, given: LoggedRole['role'], known: TableColumn | undefined): Role | undefined =>
  given === null ? undefined : (given ?? known?.role ?? guessRole(name));
