import type { ColumnType } from '@rolloscope/contract/types';
import type { Kept } from '../columnRule';
import type { TableColumn } from '../TableColumn';
import { Dictionary } from './Dictionary';
import { LabelledTables } from './LabelledTables';
import { KnownCounts } from './read/KnownCounts';

/** A column of one run's table and where it is kept. */
export interface PlacedColumn extends TableColumn {
  physical: string;
  /** Set for a column that the run has in several types: see `countMixed.ts`. */
  kept?: Kept;
}

/** The columns of a logged table: the physical ones, and which of them each run uses. */
export interface TableLayout {
  key: number;
  /** Physical columns of `rows_<key>`, in the order of the table; strings and JSON have a length column beside them. */
  physical: Array<{ name: string; type: ColumnType }>;
  /** The columns of `texts_<key>`. */
  texts: string[];
  /** The columns that a run uses, by run key, in the order of logging. */
  byRun: Map<number, PlacedColumn[]>;
}

/** The SQL type in which each type is kept; JSON is kept as text. */
export const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  number: 'DOUBLE',
  string: 'VARCHAR',
  boolean: 'BOOLEAN',
  json: 'VARCHAR',
};

export const isText = (type: ColumnType) => type === 'string' || type === 'json';

/**
 * The place of everything: the names, tables and columns of the database, in memory. It knows what is committed and
 * nothing else, so that reads ask the database for nothing that is not there yet; a commit notes what it makes when it
 * is over.
 */
export class Layout {
  readonly runs = new Dictionary();
  readonly metrics = new Dictionary();
  readonly tableNames = new Dictionary();
  readonly tables = new Map<number, TableLayout>();
  readonly labels = new LabelledTables();
  /** Columns of all tables, of each run that has them. */
  columnCount = 0;
  /** Positions up to which the tables that are derived from points were filled, ascending. */
  readonly rolled: number[] = [];
  /** The numbers of points that questions about them had. */
  readonly counts = new KnownCounts();
  /** Physical column by table, name and type. */
  private readonly places = new Map<string, string>();

  /** The last of them: what is derived holds all points up to there. */
  get rolledTo(): number {
    return this.rolled.at(-1) ?? 0;
  }

  /** Counts the physical columns of all tables; a string and its length are one. */
  get placeCount(): number {
    return this.places.size;
  }

  table(name: string): TableLayout | undefined {
    const key = this.tableNames.find(name);
    return key === undefined ? undefined : this.tables.get(key);
  }

  addTable(key: number): TableLayout {
    const layout: TableLayout = { key, physical: [], texts: [], byRun: new Map() };
    this.tables.set(key, layout);
    return layout;
  }

  /** A run's table has these columns; without any it has gone. */
  setColumns({ byRun }: TableLayout, run: number, columns: PlacedColumn[]): void {
    this.columnCount += columns.length - (byRun.get(run)?.length ?? 0);
    if (columns.length > 0) {
      byRun.set(run, columns);
    } else {
      byRun.delete(run);
    }
  }

  /** Returns the physical column of a column; undefined when the database has no place for it yet. */
  place(table: number, name: string, type: ColumnType): string | undefined {
    return this.places.get(placeKey(table, name, type));
  }

  addPlace(layout: TableLayout, name: string, type: ColumnType, physical: string): void {
    this.places.set(placeKey(layout.key, name, type), physical);
    layout.physical.push({ name: physical, type });
    if (isText(type)) {
      layout.texts.push(physical);
    }
  }
}

const placeKey = (table: number, name: string, type: ColumnType) => JSON.stringify([table, name, type]);
