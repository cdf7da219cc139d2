import { FAILED, LIMITS } from '@rolloscope/contract';
import type { ColumnType, Role } from '@rolloscope/contract/types';
import { areNumbers, type Kept, NON_FINITE_WORDS, nameBeside, roleOfPlaces } from '../../columnRule';
import { onePlayer } from '../../onePlayer';
import type { TableColumn } from '../../TableColumn';
import type { Parameters } from '../Parameters';
import { INLINE_CHARS } from '../schema';

/** A column of one run's table, and what it holds where the run has it in several types. */
export interface RunColumn extends TableColumn {
  kept?: Kept;
}

/** The place of a column's cells, as SQL over a line of `rows`; null where a row has none. */
export interface ColumnPlace {
  origin: TableColumn['origin'] | 'label';
  type: ColumnType;
  /** SQL of a cell; of a text, its first characters. */
  sql: string;
  /** SQL of the number of characters of a text. */
  chars: string;
  /** The whole of a text. */
  whole: string;
}

/** A column as the selected runs have it: one place, or several when it was logged with several types. */
export interface SelectedColumn {
  name: string;
  type: ColumnType;
  role?: Role;
  places: ColumnPlace[];
  /** The column that has what is no number of this one. */
  beside?: string;
}

export const isText = (type: ColumnType) => type === 'string' || type === 'json';

/** Returns the name of a column's text, or JSON, in the maps of `rows`. */
export const textName = (type: ColumnType, name: string) => `${type === 'json' ? 'j' : 's'}${name}`;

/** Returns all places of a column, those of what is no number of it among them. */
export const allPlaces = (
  column: SelectedColumn,
  find: (name: string) => SelectedColumn | undefined,
): ColumnPlace[] => [...column.places, ...((column.beside !== undefined && find(column.beside)?.places) || [])];

const ROW_SQL = new Map<string, { type: ColumnType; sql: string }>([
  ['run', { type: 'string', sql: 'runId' }],
  ['step', { type: 'number', sql: 'step' }],
  ['time', { type: 'number', sql: 'time' }],
]);

export const rowColumn = (name: string) => ROW_SQL.get(name);

/** Columns of a table over runs, in the order of logging, derived ones last. */
export function selectColumns(ofRuns: Iterable<readonly RunColumn[]>, parameters: Parameters): SelectedColumn[] {
  const byName = new Map<string, RunColumn[]>();
  for (const columns of ofRuns) {
    for (const column of columns) {
      const all = byName.get(column.name) ?? [];
      byName.set(column.name, all);
      const known = all.findIndex(({ type }) => type === column.type);
      if (known < 0) {
        all.push(column);
      }
    }
  }
  const names = new Set(byName.keys());
  const columns = onePlayer([...byName].flatMap(([name, all]) => merged(name, all, names, parameters)));
  return [...columns.filter((column) => !isDerived(column)), ...columns.filter(isDerived)];
}

export const isDerived = ({ places }: Pick<SelectedColumn, 'places'>) =>
  places.every(({ origin }) => origin === 'derived');

/** The place of one type of a column. */
export function placeOf({ name, type, origin }: RunColumn, parameters: Parameters): ColumnPlace {
  const within = (map: string, key: string) => `if(mapContains(${map}, ${key}), ${map}[${key}], NULL)`;
  if (!isText(type)) {
    const sql = within(type === 'number' ? 'numbers' : 'booleans', parameters.text(name));
    return { origin, type, sql, chars: '0', whole: sql };
  }
  const key = parameters.text(textName(type, name));
  const sql = within('heads', key);
  const chars = within('chars', key);
  return { origin, type, sql, chars, whole: `if(mapContains(texts, ${key}), texts[${key}], ${sql})` };
}

/**
 * A column of several types: booleans among numbers are numbers; where `columnRule` says so, numbers are one column and
 * what is none another; all else is JSON.
 */
function merged(name: string, columns: RunColumn[], taken: Set<string>, parameters: Parameters): SelectedColumn[] {
  const role = roleOfPlaces(columns);
  const types = new Set(columns.map(({ type }) => type));
  const one = (type: ColumnType, places: ColumnPlace[]) => ({ name, type, ...(role && { role }), places });
  const [first] = types;
  if (!areNumbers(name, columns)) {
    const places = columns.map((column) => placeOf(column, parameters));
    return [one(types.size === 1 && first ? first : 'json', places)];
  }
  const isYesNo = columns.every(({ type, kept }) => type === 'boolean' || (isText(type) && !kept?.numbers));
  const type = isYesNo ? 'boolean' : 'number';
  const numbers = one(
    type,
    columns.flatMap((column) => asNumbers(column, type, parameters)),
  );
  const texts = columns.flatMap((column) => withoutNumbers(column, parameters));
  if (texts.length === 0) {
    return [numbers];
  }
  const beside = nameBeside(name, (other) => taken.has(other), LIMITS.nameChars);
  taken.add(beside);
  const ofTexts = texts.every((place) => place.type === 'string') ? 'string' : 'json';
  return [
    { ...numbers, beside },
    { name: beside, type: ofTexts, places: texts },
  ];
}

/** The place of a column of numbers, or of yes and no; none where it has no such cells. */
function asNumbers(column: RunColumn, type: ColumnType, parameters: Parameters): ColumnPlace[] {
  const place = placeOf(column, parameters);
  const as = (sql: string): ColumnPlace => ({ ...place, type, sql, whole: sql, chars: '0' });
  if (!isText(column.type)) {
    return [column.type === type ? place : as(`toFloat64(${place.sql})`)];
  }
  return column.kept?.numbers ? [as(heldNumberSql(place))] : [];
}

/** The place of a column of what is no number; none where there is no such cell. */
function withoutNumbers(column: RunColumn, parameters: Parameters): ColumnPlace[] {
  const { type, kept } = column;
  if (!isText(type) || kept?.others === 0) {
    return [];
  }
  const place = placeOf(column, parameters);
  const isOdd = `(${heldNumberSql(place)}) IS NULL`;
  const only = (sql: string) => `if(${isOdd}, ${sql}, NULL)`;
  return [
    kept?.numbers ? { ...place, sql: only(place.sql), chars: only(place.chars), whole: only(place.whole) } : place,
  ];
}

const JSON_NUMBER = '\\\\A-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?\\\\z';

/** SQL of the number that a text, or JSON as text, is; null where it is none. */
export function heldNumberSql({ sql, type }: Pick<ColumnPlace, 'sql' | 'type'>): string {
  if (type === 'json') {
    const number = `if(match(${sql}, '${JSON_NUMBER}'), toFloat64OrNull(${sql}), NULL)`;
    return `multiIf(${sql} = 'true', 1., ${sql} = 'false', 0., ${number})`;
  }
  const words = [...NON_FINITE_WORDS].map(([word, number]) => `lower(${sql}) = '${word}', ${constant(number)}`);
  return `multiIf(${words.join(', ')}, NULL)`;
}

const constant = (value: number) => (Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf');

/**
 * Returns SQL of what a column is compared and ordered by. Of a longer text that is its first characters; conditions
 * that need all of it look at its whole.
 */
export function valueSql(column: SelectedColumn): string {
  const [first] = column.places;
  if (column.places.length === 1 && first) {
    return first.sql;
  }
  if (column.type !== 'json') {
    return `coalesce(${column.places.map(({ sql }) => sql).join(', ')}, NULL)`;
  }
  const parts = column.places.map(({ sql, type }) =>
    type === 'json' ? sql : type === 'string' ? `if(${sql} IS NULL, NULL, toJSONString(${sql}))` : `toString(${sql})`,
  );
  return `coalesce(${parts.join(', ')}, NULL)`;
}

/** SQL of a column as a text, as it is written: a whole number without a fraction, a text of JSON without its quotes. */
export const textSql = ({ places }: SelectedColumn): string => `coalesce(${places.map(placeText).join(', ')}, NULL)`;

function placeText({ sql, type, chars }: ColumnPlace): string {
  switch (type) {
    case 'number':
      return `if(${sql} = trunc(${sql}) AND abs(${sql}) < 9007199254740992, toString(toInt64(${sql})), toString(${sql}))`;
    case 'json':
      return `if(startsWith(${sql}, '"') AND ${chars} <= ${INLINE_CHARS}, JSONExtractString(${sql}), ${sql})`;
    default:
      return `toString(${sql})`;
  }
}

/** SQL of yes or no as a text says it, 1 or 0; null where it says neither. */
export const saysSql = (text: string) =>
  `multiIf(lower(${text}) IN ('true', 't', 'yes', 'y', '1'), 1, lower(${text}) IN ('false', 'f', 'no', 'n', '0'), 0, NULL)`;

/** SQL of the number that a text is; null where it is none. */
export const parsedSql = (text: string) => `toFloat64OrNull(trimBoth(toString(${text})))`;

/** SQL of how good a rollout was by a column: a number, and of texts such as "True" 0 or 1; null where it says nothing. */
export function scoreSql(columns: readonly SelectedColumn[], name: string | undefined): string {
  const number = numberSql(columns, name);
  const column = columns.find((one) => one.name === name);
  return column && isText(column.type) ? `coalesce(${number}, toFloat64(${saysSql(textSql(column))}))` : number;
}

/** SQL of whether a row is known to have failed; undefined where no column tells. */
export function failedSql(columns: readonly SelectedColumn[]): string | undefined {
  const column = columns.find(({ name }) => name === FAILED);
  return column && isDerived(column) ? `ifNull(${valueSql(column)}, false)` : undefined;
}

/** SQL of a column as a number; null where it is none. */
export function numberSql(columns: readonly SelectedColumn[], name: string | undefined): string {
  const column = columns.find((one) => one.name === name);
  const own = name === undefined ? undefined : rowColumn(name);
  const sql = column ? valueSql(column) : own && name !== 'run' ? own.sql : undefined;
  if (sql === undefined) {
    return "CAST(NULL, 'Nullable(Float64)')";
  }
  return !column || column.type === 'number' || column.type === 'boolean' ? `toFloat64(${sql})` : parsedSql(sql);
}
