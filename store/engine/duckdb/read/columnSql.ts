import type { ColumnType } from '@rolloscope/contract/types';
import type { Layout, PlacedColumn, TableLayout } from '../Layout';

/** A column as the selected runs have it: one place, or several when it was logged with several types. */
export interface SelectedColumn {
  name: string;
  type: ColumnType;
  places: PlacedColumn[];
}

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
  const columns = [...byName].map(([name, places]) => merged(name, places));
  const isDerived = ({ places }: SelectedColumn) => places.every(({ origin }) => origin === 'derived');
  return [...columns.filter((column) => !isDerived(column)), ...columns.filter(isDerived)];
}

/** A column of several types: booleans among numbers are numbers, all else is JSON. */
function merged(name: string, places: PlacedColumn[]): SelectedColumn {
  const types = new Set(places.map(({ type }) => type));
  if (types.size === 1) {
    return { name, type: places[0]?.type ?? 'json', places };
  }
  if (types.size === 2 && types.has('number') && types.has('boolean')) {
    const asNumber = (place: PlacedColumn): PlacedColumn =>
      place.type === 'number' ? place : { ...place, type: 'number', physical: `${place.physical}::DOUBLE` };
    return { name, type: 'number', places: places.map(asNumber) };
  }
  return { name, type: 'json', places };
}

/**
 * What a column is compared and ordered by. Of a longer text that is its first characters; conditions that need all of
 * it look into the texts besides.
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

/** SQL of a column as a number; null where it is none. */
export function numberSql(columns: readonly SelectedColumn[], name: string | undefined): string {
  const column = columns.find((one) => one.name === name);
  const own = name === undefined ? undefined : rowColumn(name);
  const sql = column ? valueSql(column) : own && name !== 'run' ? own.sql : 'NULL';
  return column?.type === 'number' || own ? `${sql}::DOUBLE` : `TRY_CAST(${sql} AS DOUBLE)`;
}
