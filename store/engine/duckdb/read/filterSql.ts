import type { DuckDBValue } from '@duckdb/node-api';
import { conditionFault, valueOfType } from '@rolloscope/contract/conditions';
import { isApart } from '@rolloscope/contract/names';
import { wordPattern } from '@rolloscope/contract/texts';
import type { ColumnType, Condition, Filter, Search } from '@rolloscope/contract/types';
import type { Pattern } from '../../../patterns/PatternThreads';
import { StoreError } from '../../../StoreError';
import { isText, type TableLayout } from '../Layout';
import { INLINE_CHARS } from '../schema';
import { allPlaces, type ColumnPlace, charsSql, rowColumn, type SelectedColumn, valueSql } from './columnSql';
import { placeholder } from './scopeSql';
import type { TextTests } from './TextTests';

export const COMPARE = { lt: '<', le: '<=', gt: '>', ge: '>=' } as const;

/** The cells that a condition looks at: the row's own columns as they are, others wherever a type of them is kept. */
interface Subject {
  type: ColumnType;
  /** Null where no type of the column has a value. */
  sql: string;
  places: ReadonlyArray<Omit<ColumnPlace, 'origin'>>;
  /** SQL of the relation where the texts of `places` go on; undefined when they are whole. */
  texts?: string;
}

function bind(values: DuckDBValue[], value: number | boolean | string): string {
  // A number as text: the driver would bind a whole one as a bigint, which 1e308 is beyond.
  return typeof value === 'number'
    ? `${placeholder(values, String(value))}::DOUBLE`
    : `${placeholder(values, value)}::${typeof value === 'boolean' ? 'BOOLEAN' : 'VARCHAR'}`;
}

/** The way in which conditions on texts are put. */
export interface TextsHow {
  /** A condition on `row` that bounds the walk over long texts. */
  within?: string;
  /** SQL of the rows that all other conditions leave: only their long texts are looked at. */
  among?: string;
  /** Notes of patterns over long texts, which are looked for elsewhere. */
  tests?: TextTests;
}

/**
 * Rows in which a test of a text holds: the short ones where they are, the long ones in one walk over the texts.
 * `pattern`: what the test looks for, where that may take long.
 */
function overTexts(
  subjects: readonly Subject[],
  test: (text: string) => string,
  tests?: TextTests,
  pattern?: Pattern,
): string {
  const parts: string[] = [];
  const long = new Map<string, string[]>();
  for (const { places, texts } of subjects) {
    for (const place of places.filter(({ type }) => isText(type))) {
      const { physical } = place;
      parts.push(texts ? `(${charsSql(place)} <= ${INLINE_CHARS} AND ${test(physical)})` : test(physical));
      if (texts) {
        const sql = tests && pattern ? tests.sql(test(physical), { ...pattern, physical }) : test(physical);
        long.set(texts, [...(long.get(texts) ?? []), sql]);
      }
    }
  }
  for (const [texts, tests] of long) {
    parts.push(`row IN (SELECT row FROM ${texts} WHERE ${tests.join(' OR ')})`);
  }
  return `coalesce((${parts.join(' OR ') || 'false'}), false)`;
}

/** True where the column has one of some values. */
function oneOf(wanted: readonly unknown[], subject: Subject, values: DuckDBValue[]): string {
  const parts = subject.places.flatMap((place) => {
    const { physical, type } = place;
    const fitting = wanted.map((value) => valueOfType(type, value)).filter((value) => value !== undefined);
    const isLong = (value: unknown) =>
      subject.texts !== undefined && typeof value === 'string' && isText(type) && [...value].length > INLINE_CHARS;
    const [short, long] = [fitting.filter((value) => !isLong(value)), fitting.filter(isLong)];
    const among = (some: typeof fitting) => `${physical} IN (${some.map((value) => bind(values, value)).join(', ')})`;
    const whole = subject.texts !== undefined && isText(type) ? ` AND ${charsSql(place)} <= ${INLINE_CHARS}` : '';
    return [
      ...(short.length > 0 ? [`(${among(short)}${whole})`] : []),
      ...(long.length > 0 ? [`row IN (SELECT row FROM ${subject.texts} WHERE ${among(long)})`] : []),
    ];
  });
  return `coalesce((${parts.join(' OR ') || 'false'}), false)`;
}

/** Compares in the order of a type; JSON that is a number with numbers. Of a longer text its first characters count. */
function ordered(condition: Condition & { op: keyof typeof COMPARE }, subject: Subject, values: DuckDBValue[]): string {
  const { op, value } = condition;
  const parts = subject.places.flatMap(({ physical, type }) => {
    const number = valueOfType('number', value);
    const isNumber = type === 'number' || (type === 'json' && typeof value === 'number');
    const other = isNumber ? number : valueOfType(type, value);
    if (other === undefined || Number.isNaN(other)) {
      return [];
    }
    const sql = type === 'json' && isNumber ? `TRY_CAST(${physical} AS DOUBLE)` : physical;
    // To DuckDB NaN is the largest number; to a reader it is not above anything.
    const notNaN = isNumber && (op === 'gt' || op === 'ge') ? ` AND NOT isnan(${sql}::DOUBLE)` : '';
    return [`(${sql} ${COMPARE[op]} ${bind(values, other)}${notNaN})`];
  });
  return `coalesce((${parts.join(' OR ') || 'false'}), false)`;
}

function conditionSql(condition: Condition, subject: Subject, values: DuckDBValue[], tests?: TextTests): string {
  const fault = conditionFault(condition, subject.type);
  if (fault !== undefined) {
    throw new StoreError('invalid_request', fault);
  }
  const { op, value } = condition;
  switch (op) {
    case 'isNull':
      return value === false ? `${subject.sql} IS NOT NULL` : `${subject.sql} IS NULL`;
    case 'eq':
      return oneOf([value], subject, values);
    case 'ne':
      return `NOT ${oneOf([value], subject, values)}`;
    case 'in':
      return oneOf(Array.isArray(value) ? value : [], subject, values);
    case 'contains':
    case 'matches': {
      const text = String(value);
      if (!subject.places.some(({ type }) => isText(type))) {
        return 'false';
      }
      const needle = bind(values, text);
      return op === 'contains'
        ? overTexts([subject], (sql) => `regexp_matches(${sql}, ${needle}, 'il')`)
        : overTexts([subject], (sql) => `regexp_matches(${sql}, ${needle})`, tests, {
            pattern: text,
            ignoresCase: false,
          });
    }
    default:
      return ordered({ ...condition, op }, subject, values);
  }
}

function subjectOf(
  name: string,
  table: TableLayout,
  columns: Map<string, SelectedColumn>,
  { within, among }: TextsHow = {},
): Subject {
  const own = rowColumn(name);
  const column = columns.get(name);
  const bounds = [...(within ? [within] : []), ...(among ? [`row IN (${among})`] : [])];
  const texts = `(FROM texts_${table.key} WHERE ${bounds.join(' AND ') || 'true'})`;
  if (own) {
    return { type: own.type, sql: own.sql, places: [{ physical: own.sql, type: own.type }] };
  }
  if (!column) {
    return { type: 'json', sql: 'NULL', places: [] };
  }
  // What is no number of a column is found by its name, too.
  const places = allPlaces(column, (other) => columns.get(other));
  const subject = {
    type: column.beside === undefined ? column.type : ('json' as const),
    sql: valueSql(column),
    places,
  };
  // What people said is whole where it is.
  return places.some(({ origin }) => origin === 'label') ? subject : { ...subject, texts };
}

/** Tells whether a condition has to look into whole texts. */
export const isOfTexts = ({ op, column }: Condition) =>
  (op === 'contains' || op === 'matches') && rowColumn(column) === undefined;

export function filterSql(
  filter: Filter,
  table: TableLayout,
  columns: Map<string, SelectedColumn>,
  values: DuckDBValue[],
  how: TextsHow = {},
): string[] {
  const one = (condition: Condition) =>
    conditionSql(condition, subjectOf(condition.column, table, columns, how), values, how.tests);
  return filter.map((part) =>
    'anyOf' in part ? `(${part.anyOf.map((condition) => one(condition)).join(' OR ')})` : one(part),
  );
}

/**
 * The columns that a search looks into: what is no number of a column is found by its name, too. Per-token data and turns
 * are looked into only where they are named.
 */
export function searchedColumns(search: Exclude<Search, string>, columns: readonly SelectedColumn[]): SelectedColumn[] {
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
  search: Exclude<Search, string>,
  table: TableLayout,
  columns: SelectedColumn[],
  values: DuckDBValue[],
  how: TextsHow = {},
): string {
  const searched = searchedColumns(search, columns);
  const byName = new Map(searched.map((column) => [column.name, column]));
  const subjects = searched.map(({ name }) => subjectOf(name, table, byName, how));
  if (!searched.some(({ places }) => places.some(({ type }) => isText(type)))) {
    return 'false';
  }
  if (search.mode === 'plain' && search.case) {
    const needle = bind(values, search.text);
    return overTexts(subjects, (text) => `contains(${text}, ${needle})`);
  }
  // Measured on long texts: a literal pattern that ignores case is twice as fast as lowering every text first.
  const options = search.case ? 'c' : 'i';
  const given = bind(values, search.text);
  if (search.mode === 'word') {
    // Few texts have it at all, and those that do not are told much faster without the edges.
    const word = bind(values, wordPattern(search.text));
    return overTexts(
      subjects,
      (text) => `(regexp_matches(${text}, ${given}, '${options}l') AND regexp_matches(${text}, ${word}, '${options}'))`,
    );
  }
  if (search.mode === 'plain') {
    return overTexts(subjects, (text) => `regexp_matches(${text}, ${given}, '${options}l')`);
  }
  const pattern = { pattern: search.text, ignoresCase: !search.case };
  return overTexts(subjects, (text) => `regexp_matches(${text}, ${given}, '${options}')`, how.tests, pattern);
}
