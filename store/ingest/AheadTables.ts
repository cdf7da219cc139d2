import type { Engine } from '../engine/Engine';
import type { TableColumn } from '../engine/TableColumn';
import { inTurns } from '../Turn';
import type { PreparedTable } from './prepareLog';
import { type ReadyTable, readyTable } from './readyTable';

/**
 * Tables of a log call that are made ready while it waits for the commits before its own. The database writes those on
 * threads of its own, and the main thread would have nothing else to do meanwhile; the commit that takes the call is
 * shorter by that.
 */
export class AheadTables {
  private readonly tables = new Map<PreparedTable, { known: readonly TableColumn[]; ready: ReadyTable }>();

  /** Makes tables ready, by the columns that the run's tables have by now. */
  async add(engine: Engine, run: string, tables: readonly PreparedTable[]): Promise<void> {
    for (const table of tables) {
      const known = await engine.tableColumns([run], table.table);
      const ready = await inTurns(readyTable(table, new Map(known.map((column) => [column.name, column]))));
      this.tables.set(table, { known, ready });
    }
  }

  /** The table, made ready; undefined where the run's table has other columns than it had then. */
  find(table: PreparedTable, known: ReadonlyMap<string, TableColumn>): ReadyTable | undefined {
    const ahead = this.tables.get(table);
    const now = [...known.values()];
    const areSame = ahead?.known.length === now.length && ahead.known.every((column, i) => isSame(column, now[i]));
    return areSame ? ahead.ready : undefined;
  }
}

const isSame = (one: TableColumn, other: TableColumn | undefined) =>
  one.name === other?.name && one.type === other.type && one.role === other.role && one.origin === other.origin;
