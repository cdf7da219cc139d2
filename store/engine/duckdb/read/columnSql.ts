import { FAILED, LIMITS } from '@rolloscope/contract';
import type { ColumnType, Role } from '@rolloscope/contract/types';
import { areNumbers, NON_FINITE_WORDS, nameBeside, roleOfPlaces } from '../../columnRule';
import { onePlayer } from '../../onePlayer';
import { isText, type Layout, type PlacedColumn, type TableLayout } from '../Layout';
import { INLINE_CHARS } from '../schema';

/** The place of a column's cells: a physical column, or SQL of one. */
export interface ColumnPlace {
  origin: PlacedColumn['origin'] | 'label';
  type: ColumnType;
  physical: string;
  /** SQL of how many characters a text has, where that is not `<physical>_n`. */
  chars?: string;
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

/** Returns all places of a column, those of what is no number of it among them. */
export const allPlaces = (
  column: SelectedColumn,
  find: (name: string) => SelectedColumn | undefined,
): ColumnPlace[] => [...column.places, ...((column.beside !== undefined && find(column.beside)?.places) || [])];

export const charsSql = ({ physical, chars }: Pick<ColumnPlace, 'physical' | 'chars'>) => chars ?? `${physical}_n`;

const ROW_SQL = new Map<string, { type: ColumnType; sql: string }>([
  ['run', { type: 'string', sql: 'run_id' }],
  ['step', { type: 'number', sql: 'step' }],
  ['time', { type: 'number', sql: 'time' }],
]);

export const rowColumn = (name: string) => ROW_SQL.get(name);

/** Columns of a table over runs, in the order of logging, derived ones last. */
export function selectColumns(layout: Layout, table: TableLayout, runs: readonly string[]): SelectedColumn[] {
  const byName = new Map<string, PlacedColumn[]>();
  for (const run of runs) {
    const key = layout.runs.find(run);
    for (const column of (key !== undefined && table.byRun.get(key)) || []) {
      const places = byName.get(column.name) ?? [];
      byName.set(column.name, places);
      if (!places.some(({ physical }) => physical === column.physical)) {
        places.push(column);
      }
    }
  }
  const names = new Set(byName.keys());
  const columns = onePlayer([...byName].flatMap(([name, places]) => merged(name, places, names)));
  const isDerived = ({ places }: SelectedColumn) => places.every(({ origin }) => origin === 'derived');
  return [...columns.filter((column) => !isDerived(column)), ...columns.filter(isDerived)];
}

/**
 * A column of several types: booleans among numbers are numbers; where `columnRule` says so, numbers are one column and
 * what is none another; all else is JSON.
 */
function merged(name: string, places: PlacedColumn[], taken: Set<string>): SelectedColumn[] {
  const role = roleOfPlaces(places);
  const types = new Set(places.map(({ type }) => type));
  const one = (type: ColumnType, own: ColumnPlace[]) => ({ name, type, ...(role && { role }), places: own });
  const [first] = types;
  if (!areNumbers(name, places)) {
    return [one(types.size === 1 && first ? first : 'json', places)];
  }
  const type = places.every((place) => place.type === 'boolean' || (isText(place.type) && !place.kept?.numbers))
    ? 'boolean'
    : 'number';
  const numbers = one(
    type,
    places.flatMap((place) => asNumbers(place, type)),
  );
  const texts = places.flatMap(withoutNumbers);
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
function asNumbers(place: PlacedColumn, type: ColumnType): ColumnPlace[] {
  const { physical, origin, kept } = place;
  if (!isText(place.type)) {
    return [place.type === type ? place : { origin, type, physical: `${physical}::DOUBLE` }];
  }
  return kept?.numbers ? [{ origin, type, physical: heldNumberSql(place) }] : [];
}

/** The place of a column of what is no number; none where there is no such cell. */
function withoutNumbers(place: PlacedColumn): ColumnPlace[] {
  const { physical, origin, type, kept } = place;
  if (!isText(type) || kept?.others === 0) {
    return [];
  }
  const isOdd = `${heldNumberSql(place)} IS NULL`;
  const only = (sql: string) => `(CASE WHEN ${isOdd} THEN ${sql} END)`;
  return [kept?.numbers ? { origin, type, physical: only(physical), chars: only(`${physical}_n`) } : place];
}

/** SQL of the number that a text, or JSON as text, is; null where it is none. */
export function heldNumberSql({ physical, type }: Pick<PlacedColumn, 'physical' | 'type'>): string {
  if (type === 'json') {
    return `(CASE ${physical} WHEN 'true' THEN 1 WHEN 'false' THEN 0
             ELSE CASE WHEN regexp_full_match(${physical}, '${JSON_NUMBER}') THEN TRY_CAST(${physical} AS DOUBLE) END END)`;
  }
  const words = [...NON_FINITE_WORDS].map(([word, number]) => `WHEN '${word}' THEN '${number}'::DOUBLE`);
  return `(CASE lower(${physical}) ${words.join(' ')} END)`;
}

const JSON_NUMBER = '-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?';

/**
 * Returns SQL of what a column is compared and ordered by. Of a longer text that is its first characters; conditions
 * that need all of it look into the texts besides.
 */
export function valueSql(column: SelectedColumn): string {
  const [first] = column.places;
  if (column.places.length === 1 && first) {
    return first.physical;
  }
  if (column.type !== 'json') {
    return `coalesce(${column.places.map(({ physical }) => physical).join(', ')})`;
  }
  const parts = column.places.map(({ physical, type }) =>
    type === 'json' ? physical : `to_json(${physical})::VARCHAR`,
  );
  return `coalesce(${parts.join(', ')})`;
}

/** SQL of a column as a text, as it is written: a whole number without a fraction, a text of JSON without its quotes. */
export const textSql = ({ places }: SelectedColumn): string => `coalesce(${places.map(placeText).join(', ')}, NULL)`;

function placeText(place: ColumnPlace): string {
  const { physical, type } = place;
  switch (type) {
    case 'number':
      return `CASE WHEN ${physical} = trunc(${physical}) AND abs(${physical}) < 9007199254740992
              THEN ${physical}::BIGINT::VARCHAR ELSE ${physical}::VARCHAR END`;
    case 'json':
      return `CASE WHEN starts_with(${physical}, '"') AND ${charsSql(place)} <= ${INLINE_CHARS}
              THEN json_extract_string(${physical}, '$') ELSE ${physical} END`;
    default:
      return `${physical}::VARCHAR`;
  }
}

/** SQL of how good a rollout was by a column: a number, and of texts such as "True" 0 or 1; null where it says nothing. */
export function scoreSql(columns: readonly SelectedColumn[], name: string | undefined): string {
  const number = numberSql(columns, name);
  const column = columns.find((one) => one.name === name);
  const isOfTexts = column && (column.type === 'string' || column.type === 'json');
  return isOfTexts ? `coalesce(${number}, TRY_CAST(${textSql(column)} AS BOOLEAN)::INTEGER::DOUBLE)` : number;
}

/** SQL of whether a row is known to have failed; undefined where no column tells. */
export function failedSql(columns: readonly SelectedColumn[]): string | undefined {
  const column = columns.find(({ name }) => name === FAILED);
  const isDerived = column?.places.every(({ origin }) => origin === 'derived');
  return column && isDerived ? `coalesce(${valueSql(column)}, false)` : undefined;
}

/** SQL of a column as a number; null where it is none. */
export function numberSql(columns: readonly SelectedColumn[], name: string | undefined): string {
  const column = columns.find((one) => one.name === name);
  const own = name === undefined ? undefined : rowColumn(name);
  const sql = column ? valueSql(column) : own && name !== 'run' ? own.sql : 'NULL';
  return column?.type === 'number' || own ? `${sql}::DOUBLE` : `TRY_CAST(${sql} AS DOUBLE)`;
}
