import type { RunScope } from '../../EngineReads';
import type { Adoption } from '../../sortChanges';
import type { Catalogue, LabelledRollout } from '../catalogue/Catalogue';
import type { Server } from '../Server';
import type { RunColumn } from './columnSql';
import { countMixed } from './countMixed';
import type { Scoping } from './scopeSql';

/** The sources of reads: the server for lines, the catalogue for all that has a name. */
export interface Reading {
  server: Server;
  catalogue: Catalogue;
}

/** A table as some runs have it. */
export interface TableView extends Scoping {
  key: number;
  /** Columns of each run that has the table. */
  byRun: ReadonlyMap<string, readonly RunColumn[]>;
  /** The labels of rollouts of those runs. */
  labelled: readonly LabelledRollout[];
  /** A relation of all rows of the table, of any run. */
  from: string;
}

/** Columns of each run of some scopes, in their order. */
export const columnsOfScopes = ({ byRun }: TableView, scopes: readonly RunScope[]) =>
  scopes.map(({ run }) => byRun.get(run) ?? []);

/** Views a table as some runs have it; returns undefined where none of them has it. */
export async function viewTable(
  { server, catalogue }: Reading,
  table: string,
  scopes: readonly RunScope[],
  position: number,
): Promise<TableView | undefined> {
  const ids = [...new Set(scopes.map(({ run }) => run))];
  const [keys, runs, columns, { dead }, adoptions, labelled] = await Promise.all([
    catalogue.tableKeys([table]),
    catalogue.runKeys(ids),
    catalogue.columnsOf(ids, table),
    catalogue.moment(),
    catalogue.adoptions(ids),
    catalogue.labelled(ids, table, position),
  ]);
  const key = keys.get(table);
  const ofRuns = columns.get(table);
  if (key === undefined || ofRuns === undefined) {
    return undefined;
  }
  // A run that was deleted meanwhile has columns no more, or no key.
  const there = new Map([...ofRuns].filter(([run]) => runs.has(run)));
  const view = {
    key,
    runs,
    dead,
    labelled,
    from: rowsSql(
      key,
      runs,
      adoptions.filter((one) => one.table === table),
    ),
  };
  return { ...view, byRun: await countMixed(server, view, there) };
}

/** Rows of a table, each with the attempt that it is of by now. */
function rowsSql(key: number, runs: ReadonlyMap<string, number>, adoptions: readonly Adoption[]): string {
  const moved = adoptions.toReversed().flatMap(({ run, attempt, fromRow, step }) => {
    const runKey = runs.get(run);
    return runKey === undefined ? [] : [`run = ${runKey} AND row >= ${fromRow} AND entryStep = ${step}, ${attempt}`];
  });
  const attempt =
    moved.length === 0 ? '' : ` REPLACE (greatest(attempt, toUInt32(multiIf(${moved.join(', ')}, 0))) AS attempt)`;
  return `(SELECT *${attempt} FROM rows WHERE tableKey = ${key})`;
}
