import type { DuckDBValue } from '@duckdb/node-api';
import type { Condition, Filter, Operator, Search } from '@rolloscope/contract/types';
import { StoreError } from '../../../StoreError';
import type { TableLayout } from '../Layout';
import { INLINE_CHARS } from '../schema';
import { rowColumn, type SelectedColumn, textPlaces, valueSql } from './columnSql';
import { placeholder } from './scopeSql';

const COMPARE: Partial<Record<Operator, string>> = {
  eq: '=',
  ne: 'IS DISTINCT FROM',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};
const NON_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);

function mismatch(condition: Condition, wanted: string): StoreError {
  const given = JSON.stringify(condition.value) ?? 'nothing';
  const where = `filter on "${condition.column}", ${condition.op}`;
  return new StoreError('invalid_request', `${where}: the value must be ${wanted}, not ${given.slice(0, 100)}.`);
}

/** A scalar in the type of a column, as a bound parameter. */
function scalar(condition: Condition, type: SelectedColumn['type'], value: unknown, values: DuckDBValue[]): string {
  if (type === 'number') {
    const number = typeof value === 'string' && NON_FINITE.has(value) ? Number(value) : value;
    if (typeof number !== 'number') {
      throw mismatch(condition, 'a number');
    }
    // As text: the driver would bind a whole number as a bigint, which 1e308 is beyond.
    return `${placeholder(values, String(number))}::DOUBLE`;
  }
  if (type === 'boolean') {
    if (typeof value !== 'boolean') {
      throw mismatch(condition, 'true or false');
    }
    return `${placeholder(values, value)}::BOOLEAN`;
  }
  if (type === 'json') {
    return `${placeholder(values, JSON.stringify(value))}::VARCHAR`;
  }
  if (typeof value !== 'string') {
    throw mismatch(condition, 'a text');
  }
  return `${placeholder(values, value)}::VARCHAR`;
}

/** A test that must see the whole of a text: the short ones where they are, the long ones in the texts. */
function overText(table: TableLayout, column: SelectedColumn, test: (text: string) => string): string {
  const places = textPlaces(column);
  const parts = places.map(({ physical }) => {
    const short = `(${physical}_n <= ${INLINE_CHARS} AND ${test(physical)})`;
    const long = `row IN (SELECT row FROM texts_${table.key} WHERE ${test(physical)})`;
    return `${short} OR ${long}`;
  });
  return `coalesce((${parts.join(' OR ') || 'false'}), false)`;
}

function conditionSql(
  condition: Condition,
  table: TableLayout,
  columns: Map<string, SelectedColumn>,
  values: DuckDBValue[],
): string {
  const own = rowColumn(condition.column);
  const column = columns.get(condition.column);
  const type = own?.type ?? column?.type ?? 'json';
  const sql = own?.sql ?? (column ? valueSql(column) : 'NULL');
  const { op, value } = condition;
  switch (op) {
    case 'isNull':
      if (value !== undefined && typeof value !== 'boolean') {
        throw mismatch(condition, 'true or false');
      }
      return value === false ? `${sql} IS NOT NULL` : `${sql} IS NULL`;
    case 'in': {
      if (!Array.isArray(value)) {
        throw mismatch(condition, 'a list');
      }
      const each = value.map((one) => conditionSql({ ...condition, op: 'eq', value: one }, table, columns, values));
      return `(${each.join(' OR ') || 'false'})`;
    }
    case 'contains':
    case 'matches': {
      if (typeof value !== 'string') {
        throw mismatch(condition, 'a text');
      }
      const needle = `${placeholder(values, op === 'contains' ? value.toLowerCase() : value)}::VARCHAR`;
      const test = (text: string) =>
        op === 'contains' ? `contains(lower(${text}), ${needle})` : `regexp_matches(${text}, ${needle})`;
      return own ? test(`${sql}::VARCHAR`) : column ? overText(table, column, test) : 'false';
    }
    default: {
      const bound = scalar(condition, type, value, values);
      const isLong = column && (type === 'string' || type === 'json') && (op === 'eq' || op === 'ne');
      if (isLong) {
        const equal = overText(table, column, (text) => `${text} = ${bound}`);
        return op === 'eq' ? equal : `NOT ${equal}`;
      }
      // To DuckDB NaN is the largest number; to a reader it is not above anything.
      const orders = type === 'number' && (op === 'gt' || op === 'ge') ? ` AND NOT isnan(${sql}::DOUBLE)` : '';
      return `coalesce(${sql} ${COMPARE[op]} ${bound}${orders}, false)`;
    }
  }
}

export function filterSql(
  filter: Filter,
  table: TableLayout,
  columns: Map<string, SelectedColumn>,
  values: DuckDBValue[],
): string[] {
  return filter.map((part) =>
    'anyOf' in part
      ? `(${part.anyOf.map((condition) => conditionSql(condition, table, columns, values)).join(' OR ')})`
      : conditionSql(part, table, columns, values),
  );
}

const escapeRegex = (text: string) => text.replace(/[\\^$.|?*+()[\]{}-]/g, '\\$&');

export function searchSql(
  search: Exclude<Search, string>,
  table: TableLayout,
  columns: SelectedColumn[],
  values: DuckDBValue[],
): string {
  const searched = columns.filter(
    ({ name, places }) =>
      places.some(({ origin }) => origin === 'logged') && (!search.columns || search.columns.includes(name)),
  );
  const bind = (value: string) => `${placeholder(values, value)}::VARCHAR`;
  let test: (text: string) => string;
  if (search.mode === 'plain') {
    const needle = bind(search.case ? search.text : search.text.toLowerCase());
    test = (text) => (search.case ? `contains(${text}, ${needle})` : `contains(lower(${text}), ${needle})`);
  } else {
    const pattern = bind(search.mode === 'word' ? `\\b${escapeRegex(search.text)}\\b` : search.text);
    test = (text) => `regexp_matches(${text}, ${pattern}, '${search.case ? 'c' : 'i'}')`;
  }
  const texts = searched.map((column) => overText(table, column, test));
  return `(${texts.join(' OR ') || 'false'})`;
}
