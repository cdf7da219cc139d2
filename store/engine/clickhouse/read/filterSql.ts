import { conditionFault, valueOfType } from '@rolloscope/contract/conditions';
import { isApart } from '@rolloscope/contract/names';
import { literalPattern, wordPattern } from '@rolloscope/contract/texts';
import type { ColumnType, Condition, Filter, Search } from '@rolloscope/contract/types';
import { StoreError } from '../../../StoreError';
import type { Parameters } from '../Parameters';
import { INLINE_CHARS } from '../schema';
import { allPlaces, type ColumnPlace, isText, rowColumn, type SelectedColumn, valueSql } from './columnSql';

const COMPARE = { lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

/** The cells that a condition looks at: the row's own columns as they are, others wherever a type of them is kept. */
interface Subject {
  type: ColumnType;
  /** Null where no type of the column has a value. */
  sql: string;
  places: ReadonlyArray<Omit<ColumnPlace, 'origin'>>;
}

/** True where one of some conditions holds; a row without a value has none. */
const anyOf = (parts: readonly string[]) => `ifNull((${parts.join(' OR ') || 'false'}), false)`;

function bind(parameters: Parameters, value: number | boolean | string): string {
  return typeof value === 'number'
    ? parameters.number(value)
    : typeof value === 'boolean'
      ? parameters.boolean(value)
      : parameters.text(value);
}

/** A pattern as RE2 has it everywhere else: here a dot would find the end of a line, too. */
const patternSql = (parameters: Parameters, pattern: string, ignoresCase = false) =>
  // What ends a text in C would end a pattern.
  parameters.text(`(?${ignoresCase ? 'i' : ''}-s)${pattern.replaceAll('\0', '\\x00')}`);

/** Rows in which a test of a text holds. */
const overTexts = (subjects: readonly Subject[], test: (text: string) => string) =>
  anyOf(subjects.flatMap(({ places }) => places.filter(({ type }) => isText(type)).map(({ whole }) => test(whole))));

/** True where the column has one of some values. */
function oneOf(wanted: readonly unknown[], { places }: Subject, parameters: Parameters): string {
  return anyOf(
    places.flatMap(({ sql, whole, chars, type }) => {
      const fitting = wanted.map((value) => valueOfType(type, value)).filter((value) => value !== undefined);
      return fitting.map((value) => {
        if (Number.isNaN(value)) {
          return `isNaN(${sql})`;
        }
        const isLong = typeof value === 'string' && [...value].length > INLINE_CHARS;
        // A longer text begins like this one.
        const isWhole = isText(type) && !isLong ? ` AND ${chars} <= ${INLINE_CHARS}` : '';
        return `(${isLong ? whole : sql} = ${bind(parameters, value)}${isWhole})`;
      });
    }),
  );
}

/** Compares in the order of a type; JSON that is a number with numbers. Of a longer text its first characters count. */
function ordered(
  { op, value }: Condition & { op: keyof typeof COMPARE },
  { places }: Subject,
  parameters: Parameters,
): string {
  return anyOf(
    places.flatMap(({ sql, type }) => {
      const isNumber = type === 'number' || (type === 'json' && typeof value === 'number');
      const other = isNumber ? valueOfType('number', value) : valueOfType(type, value);
      if (other === undefined || Number.isNaN(other)) {
        return [];
      }
      const own = type === 'json' && isNumber ? `toFloat64OrNull(${sql})` : sql;
      return [`(${own} ${COMPARE[op]} ${bind(parameters, other)})`];
    }),
  );
}

function conditionSql(condition: Condition, subject: Subject, parameters: Parameters): string {
  const fault = conditionFault(condition, subject.type);
  if (fault !== undefined) {
    throw new StoreError('invalid_request', fault);
  }
  const { op, value } = condition;
  switch (op) {
    case 'isNull':
      return `(${subject.sql}) IS ${value === false ? 'NOT ' : ''}NULL`;
    case 'eq':
      return oneOf([value], subject, parameters);
    case 'ne':
      return `NOT ${oneOf([value], subject, parameters)}`;
    case 'in':
      return oneOf(Array.isArray(value) ? value : [], subject, parameters);
    case 'contains': {
      const pattern = patternSql(parameters, literalPattern(String(value)), true);
      return overTexts([subject], (text) => `match(${text}, ${pattern})`);
    }
    case 'matches': {
      const pattern = patternSql(parameters, String(value));
      return overTexts([subject], (text) => `match(${text}, ${pattern})`);
    }
    default:
      return ordered({ ...condition, op }, subject, parameters);
  }
}

function subjectOf(name: string, columns: Map<string, SelectedColumn>): Subject {
  const own = rowColumn(name);
  const column = columns.get(name);
  if (own) {
    return { type: own.type, sql: own.sql, places: [{ ...own, chars: `lengthUTF8(${own.sql})`, whole: own.sql }] };
  }
  if (!column) {
    return { type: 'json', sql: 'NULL', places: [] };
  }
  // What is no number of a column is found by its name, too.
  const places = allPlaces(column, (other) => columns.get(other));
  return { type: column.beside === undefined ? column.type : 'json', sql: valueSql(column), places };
}

export function filterSql(filter: Filter, columns: Map<string, SelectedColumn>, parameters: Parameters): string[] {
  const one = (condition: Condition) => conditionSql(condition, subjectOf(condition.column, columns), parameters);
  return filter.map((part) =>
    'anyOf' in part ? `(${part.anyOf.map((condition) => one(condition)).join(' OR ')})` : one(part),
  );
}

/**
 * The columns that a search looks into: what is no number of a column is found by its name, too. Per-token data and turns
 * are looked into only where they are named.
 */
function searchedColumns(search: Exclude<Search, string>, columns: readonly SelectedColumn[]): SelectedColumn[] {
  const among = columns.filter((column) => search.columns !== undefined || !isApart(column));
  const isNamed = (name: string) => !search.columns || search.columns.includes(name);
  const besides = new Set(columns.flatMap(({ name, beside }) => (beside !== undefined && isNamed(name) ? beside : [])));
  return among
    .filter(
      ({ name, places }) => places.some(({ origin }) => origin === 'logged') && (isNamed(name) || besides.has(name)),
    )
    .map(({ beside: _, ...column }) => column);
}

export function searchSql(
  { mode, text: wanted, case: isCased = false, ...search }: Exclude<Search, string>,
  columns: readonly SelectedColumn[],
  parameters: Parameters,
): string {
  const searched = searchedColumns({ ...search, text: wanted, mode }, columns);
  const byName = new Map(searched.map((column) => [column.name, column]));
  const subjects = searched.map(({ name }) => subjectOf(name, byName));
  if (mode === 'plain' && isCased) {
    const needle = parameters.text(wanted);
    return overTexts(subjects, (text) => `position(${text}, ${needle}) > 0`);
  }
  const pattern = { plain: literalPattern, word: wordPattern, regex: (text: string) => text }[mode](wanted);
  const sql = patternSql(parameters, pattern, !isCased);
  return overTexts(subjects, (text) => `match(${text}, ${sql})`);
}
