import { guessRole } from '@rolloscope/contract';
import type { ColumnType, Role } from '@rolloscope/contract/types';

/*
 * One rule says what a column is that was logged with numbers and with other things, whichever came first.
 */

/** Roles whose columns are read as numbers, or yes and no, whatever odd cell is among them. */
export const COUNTED_ROLES: ReadonlySet<Role | undefined> = new Set<Role>([
  'reward',
  'rewardPart',
  'advantage',
  'correct',
  'truncated',
]);

/** Roles of columns that are never told apart: a number among texts is one of them. */
export const TEXT_ROLES: ReadonlySet<Role | undefined> = new Set<Role>([
  'prompt',
  'response',
  'messages',
  'groundTruth',
  'groupId',
  'tokens',
]);

/** The least numbers that a column without a role has for each cell that is none. */
const MOSTLY = 4;

/** The cells of a column, counted: numbers or booleans, all others, and large integers among these. */
export interface Kept {
  numbers: number;
  others: number;
  large: number;
}

/** The places of a column, by type; of one that was never mixed nothing is counted. */
interface CountedPlace {
  type: ColumnType;
  role?: Role;
  kept?: Kept;
}

export const isNumeric = (type: ColumnType) => type === 'number' || type === 'boolean';

/** The role of a column in several places: that of its numbers, else what any of them has. */
export const roleOfPlaces = (places: readonly CountedPlace[]): Role | undefined =>
  (places.find(({ type, role }) => role && isNumeric(type)) ?? places.find(({ role }) => role))?.role;

/**
 * Tells whether the numbers of a column are read as a column of numbers, with what is none in one beside it. One that
 * plays a role of numbers is, whatever else it holds; others are where they hold numbers mostly, and no integers beyond
 * 2^53.
 */
export function areNumbers(name: string, places: readonly CountedPlace[]): boolean {
  const sum = (what: keyof Kept) => places.reduce((all, { kept }) => all + (kept?.[what] ?? 0), 0);
  if (places.every(({ type }) => isNumeric(type))) {
    return true;
  }
  const role = roleOfPlaces(places) ?? guessRole(name);
  if (!places.some(({ type, kept }) => isNumeric(type) || (kept?.numbers ?? 0) > 0) || TEXT_ROLES.has(role)) {
    return false;
  }
  const isCounted = places.every(({ kept }) => kept);
  return COUNTED_ROLES.has(role) || (isCounted && sum('large') === 0 && sum('numbers') >= MOSTLY * sum('others'));
}

/** Names the column beside one: `reward_text`, or with a number where that is taken; no longer than a name may be. */
export function nameBeside(name: string, isTaken: (name: string) => boolean, longest: number): string {
  for (let number = 1; ; number++) {
    const end = number === 1 ? '_text' : `_text${number}`;
    const beside = `${[...name].slice(0, longest - end.length).join('')}${end}`;
    if (!isTaken(beside)) {
      return beside;
    }
  }
}

/** Words that programs write for numbers that are not finite, besides the contract's own; compared ignoring case. */
export const NON_FINITE_WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['+infinity', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);
