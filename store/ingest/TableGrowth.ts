import { LIMITS } from '@rolloscope/contract';
import type { TableColumn } from '../engine/Engine';
import type { EngineReads } from '../engine/EngineReads';
import { StoreError } from '../StoreError';

/** Tables of the store, by name, over all runs. */
export const MOST_TABLES = 2_000;
/** Columns of one table over all runs, each with each type that it was logged with: a table of one run, and what is derived. */
export const MOST_COLUMNS = 520;

type Room = Pick<EngineReads, 'tableCount' | 'tableRoom'>;

/**
 * What one commit adds to tables. A database keeps every table and every column of all runs, and takes memory for each,
 * so whoever names them by what they log is told before that becomes everybody's trouble.
 */
export class TableGrowth {
  /** By run: tables that it did not have. */
  private readonly ofRuns = new Map<string, Set<string>>();
  /** By table: columns that it did not have, over all runs. */
  private readonly columns = new Map<string, Set<string>>();
  private readonly tables = new Set<string>();

  constructor(private readonly engine: Room) {}

  /** `known`: what the run's table has, by name; `isAnew`: what the engine has of the run goes. Throws `limit_exceeded`. */
  add(
    run: string,
    table: string,
    known: ReadonlyMap<string, TableColumn>,
    columns: readonly TableColumn[],
    isAnew: boolean,
  ): void {
    const fresh = columns.filter(({ name, type }) => known.get(name)?.type !== type);
    if (fresh.length === 0 && known.size > 0) {
      return;
    }
    if (known.size === 0) {
      this.addTable(run, table, isAnew);
    }
    const names = [...known.values(), ...fresh].flatMap(({ name, origin }) => (origin === 'logged' ? name : []));
    const count = new Set(names).size;
    if (count > LIMITS.columns) {
      throw beyond(`The table ${JSON.stringify(table)} of the run`, count, 'columns', LIMITS.columns);
    }
    this.addColumns(table, fresh);
  }

  private addTable(run: string, table: string, isAnew: boolean): void {
    const ofRun = this.ofRuns.get(run) ?? new Set();
    this.ofRuns.set(run, ofRun.add(table));
    const count = ofRun.size + (isAnew ? 0 : this.engine.tableCount(run));
    if (count > LIMITS.tables) {
      throw beyond('The run', count, 'tables', LIMITS.tables);
    }
    const { tables, columns } = this.engine.tableRoom(table);
    if (columns === 0) {
      this.tables.add(table);
      if (tables + this.tables.size > MOST_TABLES) {
        throw beyond('The store', tables + this.tables.size, 'tables by name', MOST_TABLES);
      }
    }
  }

  private addColumns(table: string, fresh: readonly TableColumn[]): void {
    const room = this.engine.tableRoom(table);
    const added = this.columns.get(table) ?? new Set();
    this.columns.set(table, added);
    for (const column of fresh) {
      if (!room.has(column)) {
        added.add(JSON.stringify([column.name, column.type]));
      }
    }
    const count = room.columns + added.size;
    if (added.size > 0 && count > MOST_COLUMNS) {
      throw beyond(`The table ${JSON.stringify(table)}`, count, 'columns over all runs', MOST_COLUMNS);
    }
  }
}

const beyond = (whose: string, count: number, what: string, most: number) =>
  new StoreError(
    'limit_exceeded',
    `${whose} would have ${count} ${what}; the limit is ${most}. Log what varies as rows, or as JSON in one column.`,
  );
