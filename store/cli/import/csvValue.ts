import type { Role } from '@rolloscope/contract/types';
import { parsePythonJson } from '../../json/parsePythonJson';

/** The way in which the cells of a column are read. */
export interface CsvReading {
  role?: Role;
  /** True where the file has commas for decimal points. */
  hasCommas: boolean;
}

/** Roles whose cells are texts, whatever they look like: an answer `42` is what was written. */
const TEXTS: ReadonlySet<Role | undefined> = new Set<Role>(['prompt', 'response', 'groundTruth', 'groupId']);

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['', null],
  ['None', null],
  ['null', null],
  ['NULL', null],
  ['<NA>', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
  ['nan', 'NaN'],
  ['NaN', 'NaN'],
  ['inf', 'Infinity'],
  ['Infinity', 'Infinity'],
  ['-inf', '-Infinity'],
  ['-Infinity', '-Infinity'],
]);
const NUMBER = /^-?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^-?\d+$/;
const WITH_COMMA = /^-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:\.\d{3})+),\d+(?:[eE][+-]?\d+)?$/;
const WITH_POINT = /^-?\d*\.\d+(?:[eE][+-]?\d+)?$/;
/** A number whose commas may be those of thousands, too. */
const THOUSANDS = /^-?[1-9]\d{0,2}(?:,\d{3})+$/;
const [JSON_OPENS, JSON_CLOSES] = [/^[[{]/, /[\]}]$/];
const CHAT = /^\[\s*\{/;

/** Says whether a file's numbers have commas for points: some have, none has a point, and not all are of thousands. */
export function hasDecimalCommas(cells: readonly string[]): boolean {
  const numbers = cells.filter((cell) => WITH_COMMA.test(cell));
  return numbers.some((cell) => !THOUSANDS.test(cell)) && !cells.some((cell) => WITH_POINT.test(cell));
}

/**
 * CSV has texts only: what is written as a number, a truth value, JSON or nothing becomes that. `007` stays a text, and
 * so does what a number could not hold: an integer beyond 2^53.
 */
export function csvValue(cell: string, { role, hasCommas }: CsvReading): unknown {
  if (TEXTS.has(role)) {
    return cell === '' ? null : role !== 'groundTruth' && role !== 'groupId' && CHAT.test(cell) ? jsonOf(cell) : cell;
  }
  if (WORDS.has(cell)) {
    return WORDS.get(cell);
  }
  const text = hasCommas && WITH_COMMA.test(cell) ? cell.replaceAll('.', '').replace(',', '.') : cell;
  if (NUMBER.test(text)) {
    const number = Number(text);
    const isHeld = Number.isFinite(number) && (Number.isSafeInteger(number) || !INTEGER.test(text));
    return isHeld ? number : cell;
  }
  return JSON_OPENS.test(cell) && JSON_CLOSES.test(cell) ? jsonOf(cell) : cell;
}

function jsonOf(cell: string): unknown {
  try {
    return parsePythonJson(cell);
  } catch {
    return cell;
  }
}
