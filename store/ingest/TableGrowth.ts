import { LIMITS } from '@rolloscope/contract';
import type { TableRoom } from '../engine/EngineReads';
import type { TableColumn } from '../engine/TableColumn';
import { Beyond } from './Beyond';

/**
 * The growth that one commit brings to tables. A database keeps every table and every column of all runs, and takes
 * memory for each, so whoever names them by what they log is told before that becomes everybody's trouble.
 */
export class TableGrowth {
  /** Tables that a run did not have, by run. */
  private readonly ofRuns = new Map<string, Set<string>>();
  /** Columns that a table did not have, over all runs, by table. */
  private readonly columns = new Map<string, Set<string>>();
  private readonly tables = new Set<string>();
  /** Columns of all tables. */
  private added = 0;

  /**
   * `known`: what the run's table has, by name; `fresh`: what it gets; `room`: what there was of both before the commit;
   * `isAnew`: what there was of the run goes. Throws `limit_exceeded`, and has added nothing then.
   */
  add(
    run: string,
    table: string,
    known: ReadonlyMap<string, TableColumn>,
    fresh: readonly TableColumn[],
    room: TableRoom,
    isAnew: boolean,
  ): void {
    const isNew = known.size === 0 && !this.ofRuns.get(run)?.has(table);
    if (isNew) {
      this.requireRoomForTable(run, table, isAnew ? { ...room, tablesOfRun: 0 } : room);
    }
    const names = [...known.values(), ...fresh].flatMap(({ name, origin }) => (origin === 'logged' ? name : []));
    const count = new Set(names).size;
    if (count > LIMITS.columns) {
      throw beyond('columns', `The table ${JSON.stringify(table)} of the run`, count, 'columns');
    }
    this.addColumns(table, fresh, room);
    if (isNew) {
      this.ofRuns.set(run, (this.ofRuns.get(run) ?? new Set()).add(table));
      if (room.columns === 0) {
        this.tables.add(table);
      }
    }
  }

  private requireRoomForTable(run: string, table: string, { tables, tablesOfRun, columns }: TableRoom): void {
    const count = (this.ofRuns.get(run)?.size ?? 0) + 1 + tablesOfRun;
    if (count > LIMITS.tables) {
      throw beyond('tables', 'The run', count, 'tables');
    }
    if (columns === 0 && !this.tables.has(table) && tables + this.tables.size >= LIMITS.tablesOfAllRuns) {
      throw beyond('tablesOfAllRuns', 'The store', tables + this.tables.size + 1, 'tables by name');
    }
  }

  private addColumns(table: string, fresh: readonly TableColumn[], room: TableRoom): void {
    const before = this.columns.get(table)?.size ?? 0;
    const added = new Set(this.columns.get(table));
    for (const column of fresh) {
      if (!room.has(column)) {
        added.add(JSON.stringify([column.name, column.type]));
      }
    }
    const count = room.columns + added.size;
    if (added.size > 0 && count > LIMITS.columnsOfAllRuns) {
      throw beyond('columnsOfAllRuns', `The table ${JSON.stringify(table)}`, count, 'columns over all runs');
    }
    const more = added.size - before;
    const all = room.columnsOfAll + this.added + more;
    if (more > 0 && all > LIMITS.columnsOfAllTables) {
      throw beyond('columnsOfAllTables', 'The store', all, 'columns over all tables');
    }
    this.added += more;
    this.columns.set(table, added);
  }
}

const beyond = (limit: keyof typeof LIMITS, whose: string, count: number, what: string) =>
  new Beyond(limit, whose, count, what, 'Log what varies as rows, or as JSON in one column.');
