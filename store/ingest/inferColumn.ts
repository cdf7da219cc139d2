import { guessRole, guessTextRole, isForMany, isLargeInteger, isReference } from '@rolloscope/contract';
import type { ColumnType, Role } from '@rolloscope/contract/types';
import { COUNTED_ROLES, NON_FINITE_WORDS, TEXT_ROLES } from '../engine/columnRule';
import type { TableColumn } from '../engine/TableColumn';
import { mapped, type Steps } from '../Turn';
import type { LoggedRole } from './prepareLog';

const LONGEST_WORD = 9;

/** Reads a cell among numbers: a boolean as 0 or 1, a text that says that a number is not finite, or a large one. */
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

/** Reads an integer beyond 2^53, as JavaScript writes it; returns undefined unless it is the same to the digit. */
const largeNumber = (text: string) =>
  isLargeInteger(text) && String(Number(text)) === text ? Number(text) : undefined;

const SPOKEN_ROLES: ReadonlySet<Role | undefined> = new Set<Role>(['prompt', 'response', 'messages']);

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

/** Tells whether all cells are of some of these kinds. */
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
 * known type. In a column that is counted, as rewards are, one number makes all of it numbers, and nothing is scored at
 * first; `piecesOf` keeps what is none apart.
 * Integers beyond 2^53 stay texts, to the digit, but in a column of measures those that a number holds.
 */
export function inferType(kinds: number, known?: ColumnType, role?: Role): ColumnType {
  const isCounted = COUNTED_ROLES.has(role);
  if (known === undefined && isCounted && areOf(kinds, WORD)) {
    return kinds === 0 && (role === 'correct' || role === 'truncated') ? 'boolean' : 'number';
  }
  if (kinds === 0) {
    return known ?? 'string';
  }
  const hasNumbers = known === 'number' || (kinds & NUMBER) > 0;
  const rounds = (kinds & FRACTION) > 0 ? LARGE : 0;
  if (hasNumbers && (isCounted || areOf(kinds, NUMBER | BOOLEAN | WORD | rounds))) {
    return 'number';
  }
  if (areOf(kinds, BOOLEAN) || (isCounted && (known === 'boolean' || (kinds & BOOLEAN) > 0))) {
    return 'boolean';
  }
  return areOf(kinds, TEXT | WORD | LARGE) ? 'string' : 'json';
}

/** Some cells of a column, in their rows, under the type that they are kept in. */
export interface Piece {
  type: ColumnType;
  cells: unknown[];
}

const PIECES = ['number', 'boolean', 'string', 'json'] as const;

/**
 * A column as it is kept: in one piece, or numbers, booleans, texts and all else apart, where numbers are among other
 * things. So it does not depend on which of them came first what they are; `columnRule` tells how they are read.
 */
export function* piecesOf(
  cells: readonly unknown[],
  type: ColumnType,
  kinds: number,
  role: Role | undefined,
): Steps<Piece[]> {
  const isMixed = type === 'json' && (kinds & (NUMBER | BOOLEAN)) > 0 && !TEXT_ROLES.has(role);
  const fits = isMixed ? 0 : type === 'number' ? NUMBER : type === 'boolean' ? BOOLEAN : ~0;
  if (areOf(kinds, fits)) {
    return [{ type, cells: cells as unknown[] }];
  }
  const asNumber = (cell: unknown) => (type === 'number' ? numberOf(cell) : undefined);
  const pieces: Piece[] = [];
  for (const kept of PIECES) {
    const own = yield* mapped(cells, (cell) => {
      const number = asNumber(cell);
      return (number === undefined ? typeOf(cell) : 'number') === kept ? (number ?? cell) : null;
    });
    if ((kept === type && !isMixed) || own.some((cell) => cell !== null)) {
      pieces.push({ type: kept, cells: own });
    }
  }
  return pieces;
}

function typeOf(cell: unknown): ColumnType | undefined {
  switch (typeof cell) {
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'string':
      return 'string';
    default:
      return cell === null || cell === undefined ? undefined : 'json';
  }
}

/**
 * Roles of a table's columns: what the log call gave, else what the run's table has, else what the name tells. Some may
 * be played by several (`isForMany`).
 */
export function assignRoles(
  columns: ReadonlyArray<LoggedRole & { type: ColumnType }>,
  known: ReadonlyMap<string, TableColumn>,
): Array<Role | undefined> {
  const taken = new Set(columns.map(({ role }) => role).filter((role) => role !== undefined && role !== null));
  // `generation`, `input` and the like may count something: where no text stands under any of them, they do.
  const texts = columns.filter(({ name, role }) => SPOKEN_ROLES.has(roleOf(name, role, known.get(name))));
  const areCounts = texts.every(({ name, type, role }) => type === 'number' && role === undefined && !known.has(name));
  const roles = columns.map(({ name, type, role }) => {
    const guess = roleOf(name, role, known.get(name));
    if (areCounts && SPOKEN_ROLES.has(guess)) {
      return undefined;
    }
    if (role !== undefined || guess === undefined || isForMany(guess)) {
      return guess;
    }
    const fits = guess === 'error' ? type !== 'number' : guess !== 'reward' || type === 'number' || type === 'boolean';
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
