import type { Rollout } from '../../EngineReads';
import { Parameters } from '../Parameters';
import { atStepOf, rolloutSql } from './rolloutSql';
import { readRowsByNumber } from './rows';
import { deadSql } from './scopeSql';
import { readTableColumns } from './summaries';
import { type Reading, viewTable } from './TableView';

/** Finds where the row of a number is; returns undefined where there is none, or its run is gone. */
async function placeOfRow({ server, catalogue }: Reading, row: number) {
  const { position, dead } = await catalogue.moment();
  const conditions = [`row = ${row}`, `position <= ${position}`, ...deadSql(dead)];
  const found = await server.read(`SELECT run, tableKey, step, time FROM rows WHERE ${conditions.join(' AND ')}`);
  const [runs, tables] = await Promise.all([
    catalogue.runIds(found.at<number>(0)),
    catalogue.tableNames(found.at<number>(1)),
  ]);
  const i = found.at<number>(0).findIndex((key) => runs.has(key));
  const [run, table] = [runs.get(found.at<number>(0)[i] ?? -1), tables.get(found.at<number>(1)[i] ?? -1)];
  if (run === undefined || table === undefined) {
    return undefined;
  }
  const step = found.at<number | null>(2)[i] ?? null;
  return { place: { run, table, step, time: found.at<number>(3)[i] ?? 0 }, position };
}

/** One row by its number, uncut. */
export async function readRowById(reading: Reading, row: number) {
  const found = await placeOfRow(reading, row);
  if (!found) {
    return undefined;
  }
  const { place, position } = found;
  const { run, table } = place;
  const names = (await readTableColumns(reading, [run], table, position)).map(({ name }) => name);
  const page = await readRowsByNumber(reading, { table, scopes: [{ run }], position }, [row], names);
  return { ...place, cells: Object.fromEntries(names.map((name, i) => [name, page.rows[0]?.[i] ?? null])) };
}

/** Finds the rollout that the row of a number is; returns undefined where there is none. */
export async function readRollout(reading: Reading, row: number): Promise<Rollout | undefined> {
  const found = await placeOfRow(reading, row);
  if (!found) {
    return undefined;
  }
  const { run, table } = found.place;
  const [key] = await rolloutsOf(reading, { run, table }, found.position, `row = ${row}`);
  return key === undefined ? undefined : { run, table, key };
}

/** Counts the rows that are a rollout. */
export async function countRolloutRows(reading: Reading, { run, table, key }: Rollout): Promise<number> {
  const { position } = await reading.catalogue.moment();
  const keys = await rolloutsOf(reading, { run, table }, position, atStepOf(key));
  return keys.filter((one) => one === key).length;
}

/** Reads the keys of the rollouts that some rows of a run's table are. */
async function rolloutsOf(
  reading: Reading,
  { run, table }: Pick<Rollout, 'run' | 'table'>,
  position: number,
  which: string,
): Promise<string[]> {
  const view = await viewTable(reading, table, [{ run }], position);
  const [key, columns] = [view?.runs.get(run), view?.byRun.get(run)];
  if (!view || key === undefined || !columns) {
    return [];
  }
  const parameters = new Parameters();
  const conditions = [`run = ${key}`, `position <= ${position}`, ...deadSql(view.dead), which];
  const found = await reading.server.read(
    `SELECT ${rolloutSql(columns, parameters)} FROM ${view.from} WHERE ${conditions.join(' AND ')}`,
    parameters,
  );
  return found.at<string>(0);
}
