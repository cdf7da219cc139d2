import { BIGINT, BOOLEAN, type DuckDBConnection, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { LabelEntry, Rollout } from '../EngineReads';
import type { LabelChange } from '../sortChanges';
import { appendColumns } from './appendColumns';
import { isText, type Layout, type PlacedColumn, type TableLayout } from './Layout';
import type { PlacedTable, Publish } from './placeColumns';
import type { Read } from './Reads';
import { textSql } from './textSql';

/*
 * A label is of what a row is, not of its number: of the step, and of prompt and response, or where there is no response
 * of all that was logged. Rows that are logged again get new numbers, and are found by that as they come.
 */

/** SQL of what a row of a run is, within its run and table. Of long texts the beginning and the length tell them apart. */
function rolloutSql(columns: readonly PlacedColumn[]): string {
  const logged = columns
    .filter(({ origin }) => origin === 'logged')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, physical }) => {
      const length = isText(type) ? ` || '#' || ${physical}_n` : '';
      return `CASE WHEN ${physical} IS NOT NULL THEN ${textSql(`${name}=`)} || ${physical}::VARCHAR${length} END`;
    });
  const all = `md5(concat_ws(chr(31), ${logged.join(', ') || "''"}))`;
  const hash = (name: string) =>
    columns.find((one) => one.name === name && one.origin === 'derived' && one.type === 'string')?.physical;
  const [prompt, response] = [hash('promptHash'), hash('responseHash')];
  const content = response
    ? `CASE WHEN ${response} IS NOT NULL THEN coalesce(${prompt ?? 'NULL'}, '') || ' ' || ${response} ELSE ${all} END`
    : all;
  return `(coalesce(step::VARCHAR, '-') || ' ' || ${content})`;
}

const columnsOf = (table: TableLayout | undefined, run: number | undefined) =>
  (run !== undefined && table?.byRun.get(run)) || [];

/** Finds the rows of labelled rollouts among those that a commit has just written. */
export async function writeLabelledRows(
  connection: DuckDBConnection,
  layout: Layout,
  tables: readonly PlacedTable[],
): Promise<void> {
  for (const { key, pieces, known } of tables) {
    const firstRows = new Map<number, number>();
    for (const { run, rows } of pieces) {
      if (layout.labels.has(run, key) && !firstRows.has(run)) {
        firstRows.set(run, rows.firstRow);
      }
    }
    for (const [run, firstRow] of firstRows) {
      await connection.run(
        `INSERT INTO labelled SELECT run, ${key}, rollout, row FROM
         (SELECT run, row, ${rolloutSql(columnsOf(known, run))} AS rollout FROM rows_${key}
          WHERE run = ${run} AND row >= ${firstRow})
         WHERE rollout IN (SELECT rollout FROM labels WHERE run = ${run} AND tbl = ${key})`,
      );
    }
  }
}

/** Adds what people said, and the rows of rollouts of which nobody had said anything. */
export async function writeLabels(
  connection: DuckDBConnection,
  layout: Layout,
  labels: readonly LabelChange[],
  position: number,
  publish: Publish[],
): Promise<void> {
  const at = (i: number) => labels[i] as LabelChange;
  const tableOf = ({ rollout }: LabelChange) => layout.tableNames.keyOf(rollout.table);
  const runOf = ({ rollout }: LabelChange) => layout.runs.keyOf(rollout.run);
  const rollouts = new Map(labels.map((one) => [JSON.stringify([runOf(one), tableOf(one), one.rollout.key]), one]));
  for (const one of rollouts.values()) {
    const [run, key] = [runOf(one), tableOf(one)];
    await connection.run(
      `INSERT INTO labelled SELECT run, ${key}, rollout, row FROM (${rowsSql(layout, run, key)} AND ${atStepOf(one.rollout)})
       WHERE rollout = $1 AND NOT EXISTS (FROM labelled WHERE run = ${run} AND tbl = ${key} AND rollout = $1)`,
      [one.rollout.key],
    );
  }
  await appendColumns(
    connection,
    'labels',
    [
      { type: INTEGER, value: (i) => runOf(at(i)) },
      { type: INTEGER, value: (i) => tableOf(at(i)) },
      { type: VARCHAR, value: (i) => at(i).rollout.key },
      { type: VARCHAR, value: (i) => at(i).label.person },
      { type: BOOLEAN, value: (i) => at(i).label.proven },
      { type: BOOLEAN, value: (i) => at(i).label.star },
      { type: VARCHAR, value: (i) => at(i).label.verdict },
      { type: VARCHAR, value: (i) => at(i).label.comment },
      { type: INTEGER, value: (i) => at(i).label.version },
      { type: BIGINT, value: (i) => BigInt(at(i).label.time) },
      { type: BIGINT, value: () => BigInt(position) },
    ],
    labels.length,
  );
  for (const one of labels) {
    const [run, key] = [runOf(one), tableOf(one)];
    publish.push(() => layout.labels.note(run, key, position, 1));
  }
}

/** Rows of a run's table, each beside what it is. */
const rowsSql = (layout: Layout, run: number, table: number) =>
  `SELECT run, row, ${rolloutSql(columnsOf(layout.tables.get(table), run))} AS rollout FROM rows_${table} WHERE run = ${run}`;

/** A condition that all rows of a rollout meet, by which few rows are looked at. */
function atStepOf({ key }: Rollout): string {
  const [step] = key.split(' ');
  return step === '-' ? 'step IS NULL' : `step = ${Number(step)}`;
}

/** Finds the rollout that a row of a table is; returns undefined where there is none. */
export async function readRollout(
  read: Read,
  layout: Layout,
  { row, run, table }: { row: number; run: string; table: string },
): Promise<Rollout | undefined> {
  const [runKey, key] = [layout.runs.find(run), layout.tableNames.find(table)];
  if (runKey === undefined || key === undefined) {
    return undefined;
  }
  const found = await read(`SELECT rollout FROM (${rowsSql(layout, runKey, key)} AND row = ${row})`);
  const [rollout] = found.at<string>(0);
  return rollout === undefined ? undefined : { run, table, key: rollout };
}

/** Counts the rows that are a rollout. */
export async function countRolloutRows(read: Read, layout: Layout, rollout: Rollout): Promise<number> {
  const { run, table, key } = rollout;
  const [runKey, tableKey] = [layout.runs.find(run), layout.tableNames.find(table)];
  if (runKey === undefined || tableKey === undefined) {
    return 0;
  }
  const rows = `${rowsSql(layout, runKey, tableKey)} AND ${atStepOf(rollout)}`;
  const found = await read(`SELECT count(*)::DOUBLE FROM (${rows}) WHERE rollout = $1`, [key]);
  return found.at<number>(0)[0] ?? 0;
}

/** Reads all that was said of a rollout, oldest first. */
export async function readLabels(read: Read, layout: Layout, { run, table, key }: Rollout): Promise<LabelEntry[]> {
  const [runKey, tableKey] = [layout.runs.find(run) ?? -1, layout.tableNames.find(table) ?? -1];
  if (!layout.labels.has(runKey, tableKey)) {
    return [];
  }
  const { at, count } = await read(
    `SELECT person, proven, star, verdict, comment, version, time::DOUBLE FROM labels
     WHERE run = ${runKey} AND tbl = ${tableKey} AND rollout = $1 ORDER BY position, rowid`,
    [key],
  );
  return Array.from({ length: count }, (_, i) => ({
    person: at<string>(0)[i] ?? '',
    proven: at<boolean>(1)[i] ?? false,
    star: at<boolean>(2)[i] ?? false,
    verdict: at<string | null>(3)[i] ?? null,
    comment: at<string | null>(4)[i] ?? null,
    version: at<number>(5)[i] ?? 0,
    time: at<number>(6)[i] ?? 0,
  }));
}
