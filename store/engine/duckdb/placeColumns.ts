import { type DuckDBConnection, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { RowsChange } from '../Engine';
import type { TableColumn } from '../TableColumn';
import { appendColumns } from './appendColumns';
import { isText, type Layout, type PlacedColumn, SQL_TYPES, type TableLayout } from './Layout';
import { tableDdl } from './schema';

/** Tells the layout what a transaction made, once it is committed: reads go by the layout. */
export type Publish = () => void;

/** A table that a commit writes to: its rows, and where each of their columns is kept. */
export interface PlacedTable {
  key: number;
  /** All of its physical columns, those that the commit makes among them. */
  physical: TableLayout['physical'];
  /** The rows, in the order of their numbers; `at` gives the index of a physical column among the rows' own. */
  pieces: Array<{ rows: RowsChange; run: number; at: ReadonlyMap<string, number> }>;
  /** Undefined for one that the commit makes. */
  known: TableLayout | undefined;
  /** The columns of each run that the commit gives new ones. */
  byRun: ReadonlyMap<number, PlacedColumn[]>;
}

/** A table as the commit under way leaves it. */
interface Draft extends PlacedTable {
  /** The places that the commit makes, by name and type. */
  fresh: Map<string, FreshPlace>;
  uses: FreshUse[];
  byRun: Map<number, PlacedColumn[]>;
}

interface FreshPlace {
  table: number;
  column: TableColumn;
  physical: string;
}

interface FreshUse {
  table: number;
  run: number;
  ordinal: number;
  column: PlacedColumn;
}

/** The tables that a commit writes to, and all that has to be made for that. */
export interface Placed {
  tables: readonly PlacedTable[];
  /** A script that makes new tables and columns, to be run before anything is written to them. */
  ddl: string;
  /** The places of new columns. */
  places: readonly FreshPlace[];
  /** The columns that runs use and did not use before. */
  uses: readonly FreshUse[];
}

/** Finds the physical column for everything that a commit logs. */
export function placeColumns(layout: Layout, rows: readonly RowsChange[], publish: Publish[]): Placed {
  const drafts = new Map<string, Draft>();
  for (const one of rows) {
    const draft = drafts.get(one.table) ?? begin(layout, one.table);
    drafts.set(one.table, draft);
    const run = layout.runs.keyOf(one.run);
    const last = draft.pieces.at(-1);
    // A call brings many entries that are alike.
    const isAlike = last?.run === run && areSame(last.rows.columns, one.columns);
    const at = isAlike ? last.at : place(layout, draft, run, one.columns);
    draft.pieces.push({ rows: one, run, at });
  }
  const all = [...drafts.values()];
  publish.push(() => {
    for (const draft of all) {
      addToLayout(layout, draft);
    }
  });
  return {
    tables: all,
    ddl: all.map(ddlOf).join(''),
    places: all.flatMap(({ fresh }) => [...fresh.values()]),
    uses: all.flatMap(({ uses }) => uses),
  };
}

/** Notes new columns by one append each, however many runs begin to log. */
export async function writePlaced(connection: DuckDBConnection, { places, uses }: Placed): Promise<void> {
  await writePlaces(connection, places);
  await writeUses(connection, uses);
}

function begin(layout: Layout, name: string): Draft {
  const known = layout.table(name);
  const key = layout.tableNames.keyOf(name);
  return {
    key,
    known,
    physical: [...(known?.physical ?? [])],
    pieces: [],
    fresh: new Map(),
    uses: [],
    byRun: new Map(),
  };
}

function addToLayout(layout: Layout, { key, known, fresh, byRun }: Draft): void {
  const table = known ?? layout.addTable(key);
  for (const { column, physical } of fresh.values()) {
    layout.addPlace(table, column.name, column.type, physical);
  }
  for (const [run, columns] of byRun) {
    layout.setColumns(table, run, columns);
  }
}

function areSame(some: readonly TableColumn[], others: readonly TableColumn[]): boolean {
  return (
    some === others ||
    (some.length === others.length &&
      some.every(({ name, type }, i) => name === others[i]?.name && type === others[i]?.type))
  );
}

/** The index of each physical column among `columns`. */
function place(layout: Layout, draft: Draft, run: number, columns: readonly TableColumn[]): Map<string, number> {
  const { key, physical: all, fresh, uses, byRun } = draft;
  const known = byRun.get(run) ?? draft.known?.byRun.get(run) ?? [];
  const used = new Set(known.map(({ physical }) => physical));
  const added: PlacedColumn[] = [];
  const at = new Map<string, number>();
  columns.forEach((column, i) => {
    const { name, type } = column;
    const ofFresh = JSON.stringify([name, type]);
    let physical = layout.place(key, name, type) ?? fresh.get(ofFresh)?.physical;
    if (physical === undefined) {
      physical = `c${all.length + 1}`;
      all.push({ name: physical, type });
      fresh.set(ofFresh, { table: key, column, physical });
    }
    at.set(physical, i);
    if (!used.has(physical)) {
      used.add(physical);
      const placed = { ...column, physical };
      added.push(placed);
      uses.push({ table: key, run, ordinal: known.length + added.length, column: placed });
    }
  });
  if (added.length > 0) {
    byRun.set(run, [...known, ...added]);
  }
  return at;
}

/** A script; a table is made with all of its columns, since a statement for each would cost a millisecond each. */
function ddlOf({ key, known, physical, fresh }: Draft): string {
  if (!known) {
    return tableDdl(key, columnsOf(physical));
  }
  const { rows, texts } = columnsOf(
    [...fresh.values()].map(({ physical: name, column }) => ({ name, type: column.type })),
  );
  return [
    ...rows.map((one) => `ALTER TABLE rows_${key} ADD COLUMN ${one};`),
    ...texts.map((one) => `ALTER TABLE texts_${key} ADD COLUMN ${one};`),
  ].join('\n');
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

async function writePlaces(connection: DuckDBConnection, places: readonly FreshPlace[]): Promise<void> {
  const at = (i: number) => places[i] as FreshPlace;
  await appendColumns(
    connection,
    'places',
    [
      { type: INTEGER, value: (i) => at(i).table },
      { type: VARCHAR, value: (i) => at(i).column.name },
      { type: VARCHAR, value: (i) => at(i).column.type },
      { type: VARCHAR, value: (i) => at(i).physical },
    ],
    places.length,
  );
}

async function writeUses(connection: DuckDBConnection, uses: readonly FreshUse[]): Promise<void> {
  const at = (i: number) => uses[i] as FreshUse;
  await appendColumns(
    connection,
    'columns',
    [
      { type: INTEGER, value: (i) => at(i).table },
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
