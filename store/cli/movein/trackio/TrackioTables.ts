/** A row as trackio's SQLite file has it, JSON as text or bytes; `rowid` is its number among those of its table, from 1. */
export type TrackioRow = Record<string, unknown>;

/** Tables of a project: `metrics`, `configs`, `traces`, `alerts` and `system_metrics`, as far as trackio has any. */
export interface TrackioTables {
  has(table: string): boolean;
  /** Returns what tells a table from one that was written anew in its place; empty where rows are only ever added. */
  print(table: string): Promise<string>;
  /** Rows behind the row number `after`, in order. Throws what is wrong with the file. */
  rows(table: string, after: number): AsyncGenerator<TrackioRow>;
  close(): void;
}
