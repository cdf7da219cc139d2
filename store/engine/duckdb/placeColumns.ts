import { type DuckDBConnection, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { TableColumn } from '../Engine';
import { appendColumns } from './appendColumns';
import { isText, type Layout, type PlacedColumn, SQL_TYPES, type TableLayout } from './Layout';
import { tableDdl } from './schema';
import type { NumberedRows } from './sortChanges';

/** What a transaction changed in the layout's memory, to be taken back when it fails. */
export type Undo = () => void;

/** A table that a commit writes to: its rows, and where each of their columns is kept. */
export interface PlacedTable {
  layout: TableLayout;
  /** In the order of their numbers; `at` gives the index of a physical column among the rows' own. */
  pieces: Array<{ rows: NumberedRows; run: number; at: ReadonlyMap<string, number> }>;
}

interface FreshPlace {
  table: TableLayout;
  column: TableColumn;
  physical: string;
}

interface FreshUse {
  table: TableLayout;
  run: number;
  ordinal: number;
  column: PlacedColumn;
}

/**
 * Finds the physical column for everything that a commit logs. New tables and columns are made by one script, and noted
 * by one append each, however many runs begin to log.
 */
export async function placeColumns(
  connection: DuckDBConnection,
  layout: Layout,
  rows: readonly NumberedRows[],
  undo: Undo[],
): Promise<PlacedTable[]> {
  const tables = new Map<string, PlacedTable>();
  const newTables = new Set<TableLayout>();
  const places: FreshPlace[] = [];
  const uses: FreshUse[] = [];
  for (const one of rows) {
    let table = tables.get(one.table);
    if (!table) {
      const known = layout.table(one.table);
      table = { layout: known ?? addTable(layout, one.table, undo), pieces: [] };
      tables.set(one.table, table);
      if (!known) {
        newTables.add(table.layout);
      }
    }
    const run = layout.runs.keyOf(one.run);
    const last = table.pieces.at(-1);
    // A call brings many entries that are alike.
    const isAlike = last?.run === run && areSame(last.rows.columns, one.columns);
    const at = isAlike ? last.at : place(layout, table.layout, run, one.columns, { places, uses, undo });
    table.pieces.push({ rows: one, run, at });
  }
  const ddl = ddlOf(newTables, places);
  if (ddl !== '') {
    await connection.run(ddl);
  }
  await notePlaces(connection, places);
  await noteUses(connection, uses);
  return [...tables.values()];
}

function addTable(layout: Layout, name: string, undo: Undo[]): TableLayout {
  const key = layout.tableNames.keyOf(name);
  undo.push(() => layout.tables.delete(key));
  return layout.addTable(key);
}

function areSame(some: readonly TableColumn[], others: readonly TableColumn[]): boolean {
  return (
    some === others ||
    (some.length === others.length &&
      some.every(({ name, type }, i) => name === others[i]?.name && type === others[i]?.type))
  );
}

/** The index of each physical column among `columns`. */
function place(
  layout: Layout,
  table: TableLayout,
  run: number,
  columns: readonly TableColumn[],
  { places, uses, undo }: { places: FreshPlace[]; uses: FreshUse[]; undo: Undo[] },
): Map<string, number> {
  const ofRun = table.byRun.get(run) ?? [];
  const used = new Set(ofRun.map(({ physical }) => physical));
  const at = new Map<string, number>();
  columns.forEach((column, i) => {
    let physical = layout.place(table.key, column.name, column.type);
    if (physical === undefined) {
      physical = `c${table.physical.length + 1}`;
      layout.addPlace(table, column.name, column.type, physical);
      undo.push(() => layout.removePlace(table, column.name, column.type));
      places.push({ table, column, physical });
    }
    at.set(physical, i);
    if (!used.has(physical)) {
      used.add(physical);
      const placed = { ...column, physical };
      ofRun.push(placed);
      undo.push(() => ofRun.splice(ofRun.indexOf(placed), 1));
      uses.push({ table, run, ordinal: ofRun.length, column: placed });
    }
  });
  if (!table.byRun.has(run)) {
    table.byRun.set(run, ofRun);
    undo.push(() => table.byRun.delete(run));
  }
  return at;
}

/** One script; a table is made with all of its columns, since a statement for each would cost a millisecond each. */
function ddlOf(tables: ReadonlySet<TableLayout>, places: readonly FreshPlace[]): string {
  const script: string[] = [...tables].map((table) => tableDdl(table.key, columnsOf(table.physical)));
  for (const { table, physical, column } of places.filter(({ table }) => !tables.has(table))) {
    const { rows, texts } = columnsOf([{ name: physical, type: column.type }]);
    script.push(...rows.map((one) => `ALTER TABLE rows_${table.key} ADD COLUMN ${one};`));
    script.push(...texts.map((one) => `ALTER TABLE texts_${table.key} ADD COLUMN ${one};`));
  }
  return script.join('\n');
}

function columnsOf(physical: TableLayout['physical']): { rows: string[]; texts: string[] } {
  return {
    rows: physical.flatMap(({ name, type }) => [
      `${name} ${SQL_TYPES[type]}`,
      ...(isText(type) ? [`${name}_n INTEGER`] : []),
    ]),
    texts: physical.filter(({ type }) => isText(type)).map(({ name }) => `${name} VARCHAR`),
  };
}

async function notePlaces(connection: DuckDBConnection, places: readonly FreshPlace[]): Promise<void> {
  const at = (i: number) => places[i] as FreshPlace;
  await appendColumns(
    connection,
    'places',
    [
      { type: INTEGER, value: (i) => at(i).table.key },
      { type: VARCHAR, value: (i) => at(i).column.name },
      { type: VARCHAR, value: (i) => at(i).column.type },
      { type: VARCHAR, value: (i) => at(i).physical },
    ],
    places.length,
  );
}

async function noteUses(connection: DuckDBConnection, uses: readonly FreshUse[]): Promise<void> {
  const at = (i: number) => uses[i] as FreshUse;
  await appendColumns(
    connection,
    'columns',
    [
      { type: INTEGER, value: (i) => at(i).table.key },
      { type: INTEGER, value: (i) => at(i).run },
      { type: INTEGER, value: (i) => at(i).ordinal },
      { type: VARCHAR, value: (i) => at(i).column.name },
      { type: VARCHAR, value: (i) => at(i).column.type },
      { type: VARCHAR, value: (i) => at(i).column.origin },
      { type: VARCHAR, value: (i) => at(i).column.role ?? null },
      { type: VARCHAR, value: (i) => at(i).column.physical },
    ],
    uses.length,
  );
}
