import type { TableColumn } from '../data/TableData';
import { LABEL_CELL } from './labelCell';

/** The roles that a reader reads: their columns share the room that is left. */
export const TEXT_ROLES: ReadonlySet<TableColumn['role']> = new Set<TableColumn['role']>([
  'prompt',
  'response',
  'messages',
]);
/** A response is what one reads; it gets more room than the prompt. */
const SHARE: Partial<Record<NonNullable<TableColumn['role']>, number>> = { response: 1.4, messages: 1.6 };
const MIN_TEXT = 64;
const WIDEST_LEAST = 180;
const CHARACTER = 7;
/** Figures are wider than letters are on the average, and a unit beside them is wider still. */
const FIGURE = 8;
const PADDING = 17;
/** Room for the arrow of a sorted column, where there is any. */
const ARROW = 14;
const SMALL = 420;
const NUMBER = 50;
const WIDEST_NUMBER = 260;
/** Characters of texts that are no more than a word, and of those that take a share as large as it gets. */
const [LONGEST_WORD, LONG] = [14, 80];
const TIME = 140;
/** Pixels of a wide image, or of two that are square. */
const MEDIA = 130;
/** Stars, a word, and the signs of a comment and of a disagreement. */
const LABELS = 110;
const WIDEST_HEADER = 140;
/** Room for a box to tick. */
const TICK = 22;

/** Room for its number among several. */
const ORDER = 14;

/** The width that an override of the panel gives a column. */
function givenWidth({ field }: TableColumn): number | undefined {
  const width: unknown = field.config.custom?.width;
  return typeof width === 'number' && width > 0 ? width : undefined;
}

function fixedWidth(
  column: TableColumn,
  available: number,
  isNumbered: boolean,
  characters: number | undefined,
): number | undefined {
  const arrow = (available < SMALL ? 0 : ARROW) + (isNumbered ? ORDER : 0);
  const header = Math.min(column.label.length * CHARACTER + PADDING + arrow, WIDEST_HEADER);
  if (column.role === 'media') {
    return Math.max(header, MEDIA);
  }
  if (column.type === 'time') {
    return Math.max(header, TIME);
  }
  if (column.isLabel && column.name === LABEL_CELL) {
    return Math.max(header, LABELS);
  }
  const cell = Math.min(WIDEST_NUMBER, (characters ?? 0) * FIGURE + PADDING);
  if (column.type === 'number' || column.type === 'boolean') {
    return Math.max(header, cell, NUMBER);
  }
  // A word, such as a run's state, needs no more than itself; nothing at all needs no more than its header.
  const isWord = !TEXT_ROLES.has(column.role) && characters !== undefined && characters <= LONGEST_WORD;
  return isWord ? Math.max(header, cell) : undefined;
}

/** Says how many characters a line of a column of so many pixels holds at least. */
export const charactersIn = (width: number): number => Math.max(0, Math.floor((width - PADDING) / FIGURE));

/** Width of the unlabelled index column for the highest number on the page. */
export function indexWidth(lastNumber: number, hasTicks = false): number {
  return Math.max(30, Math.ceil(String(lastNumber).length * CHARACTER + PADDING)) + (hasTicks ? TICK : 0);
}

/** Distance of each pinned column from the left edge; undefined for those that scroll away. */
export function pinnedLefts(
  columns: readonly TableColumn[],
  widths: readonly number[],
  pinned: readonly string[],
  first: number,
): (number | undefined)[] {
  let left = first;
  return columns.map(({ name }, i) => {
    if (!pinned.includes(name)) {
      return undefined;
    }
    const own = left;
    left += widths[i] ?? 0;
    return own;
  });
}

/** A column that is narrower cannot be taken hold of again; a wider one cannot be read. */
const NARROWEST = 40;
const WIDEST = 2_000;

/**
 * Pixels of each column: those that someone has resized as they were left, else as an override of the panel says, numbers
 * and single words what they need, and texts share the rest; wider than `available` where it is small. `numbered` are the columns of an
 * order of several, `characters` those of the longest cell of a column.
 */
export function columnWidths(
  columns: readonly TableColumn[],
  available: number,
  resized: Readonly<Record<string, number>> = {},
  numbered: readonly string[] = [],
  characters: Readonly<Record<string, number>> = {},
): number[] {
  const charactersOf = ({ name }: TableColumn) => (Object.hasOwn(characters, name) ? characters[name] : undefined);
  const fixed = columns.map((column) => {
    const own = (Object.hasOwn(resized, column.name) ? resized[column.name] : undefined) ?? givenWidth(column);
    return own === undefined
      ? fixedWidth(column, available, numbered.includes(column.name), charactersOf(column))
      : Math.min(WIDEST, Math.max(NARROWEST, Math.round(own)));
  });
  const rest = available - fixed.reduce<number>((sum, width) => sum + (width ?? 0), 0);
  const shares = columns.map((column, i) => (fixed[i] === undefined ? share(column, charactersOf(column)) : 0));
  const all = shares.reduce((sum, one) => sum + one, 0);
  const widths = columns.map((column, i) => {
    const least = leastOf(column, charactersOf(column));
    return Math.floor(fixed[i] ?? Math.max(least, (rest * (shares[i] ?? 0)) / all));
  });
  // Without texts, the last column that no override has sized takes what is left, so that the rows reach the edge.
  const unsized = columns.map((column) => givenWidth(column) === undefined).lastIndexOf(true);
  const filling = unsized < 0 ? columns.length - 1 : unsized;
  const used = widths.reduce((sum, width) => sum + width, 0);
  return widths.map((width, i) => (i === filling && used < available ? width + available - used : width));
}

/** Names differ at their ends: half of one has room in a line, however narrow the panel. */
function leastOf(column: TableColumn, characters = 0): number {
  const half = (characters * FIGURE) / 2 + PADDING;
  return TEXT_ROLES.has(column.role) ? MIN_TEXT : Math.max(MIN_TEXT, Math.min(WIDEST_LEAST, half));
}

function share(column: TableColumn, characters = 0): number {
  return TEXT_ROLES.has(column.role)
    ? ((column.role && SHARE[column.role]) ?? 1)
    : Math.min(1, Math.max(0.5, characters / LONG));
}
