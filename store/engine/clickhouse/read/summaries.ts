import type { MetricSummary, RunScope, TableSummary } from '../../EngineReads';
import type { TableColumn } from '../../TableColumn';
import { Parameters } from '../Parameters';
import { isDerived, selectColumns } from './columnSql';
import { isMetricSql, rowMetricsOf } from './pointsSql';
import { viewSeries } from './SeriesView';
import { deadSql, rowScopeSql, scopeSql } from './scopeSql';
import { columnsOfScopes, type Reading, type TableView, viewTable } from './TableView';

const NO_STEP = '-9007199254740992';

export async function readMetricSummaries(
  reading: Reading,
  scopes: readonly RunScope[],
  names: readonly string[],
  position: number,
): Promise<MetricSummary[]> {
  const view = await viewSeries(reading, scopes, names);
  if (view.metrics.size === 0) {
    return [];
  }
  const where = scopeSql(view, { scopes, position }).join(' AND ');
  // Each step counts once in runs that went back or logged a step twice, and in metrics of rows.
  const pointsOf = (metrics: readonly string[], isPlain: boolean) =>
    isPlain
      ? `SELECT run, metric, step, time, value, seq FROM points WHERE ${where} AND ${isMetricSql(view, metrics)}`
      : `SELECT run, metric, step, argMax(time, seq) AS time, argMax(value, seq) AS value, max(seq) AS seq
         FROM points WHERE ${where} AND ${isMetricSql(view, metrics)} GROUP BY run, metric, step, if(step IS NULL, seq, 0)`;
  const ofRows = rowMetricsOf(scopes);
  const isPlain = scopes.every(({ effective }) => !effective);
  const logged = pointsOf(
    names.filter((name) => !ofRows.has(name)),
    isPlain,
  );
  const points =
    ofRows.size === 0
      ? logged
      : `SELECT * FROM (${logged}) UNION ALL SELECT * FROM (${pointsOf(
          names.filter((name) => ofRows.has(name)),
          false,
        )})`;
  const found = await reading.server.read(
    `SELECT metric, uniqExact(run), count(), min(step), max(step), max(time), argMax(value, (ifNull(step, ${NO_STEP}), seq)),
            minOrNullIf(value, isFinite(value)), maxOrNullIf(value, isFinite(value))
     FROM (${points}) GROUP BY metric`,
  );
  const last = found.numbers(6);
  const at = <T>(column: number, i: number) => found.at<T | null>(column)[i] ?? null;
  const all = found.at<number>(0).map((metric, i) => ({
    name: view.metricOf(metric),
    runs: at<number>(1, i) ?? 0,
    points: at<number>(2, i) ?? 0,
    firstStep: at<number>(3, i),
    lastStep: at<number>(4, i),
    lastTime: at<number>(5, i) ?? 0,
    last: last[i] ?? 0,
    min: at<number>(7, i),
    max: at<number>(8, i),
  }));
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function readTableSummaries(
  reading: Reading,
  scopes: readonly RunScope[],
  position: number,
): Promise<TableSummary[]> {
  const tables = await reading.catalogue.columnsOf(scopes.map(({ run }) => run));
  const summaries: TableSummary[] = [];
  for (const [name, byRun] of tables) {
    // A table is asked only about the runs that have it: each of them is named in its statement.
    const having = scopes.filter(({ run }) => byRun.has(run));
    const view = await viewTable(reading, name, having, position);
    if (!view || view.byRun.size === 0) {
      continue;
    }
    const found = await reading.server.read(
      `SELECT count(), min(step), max(step), max(time) FROM ${view.from}
       WHERE ${rowScopeSql(view, view.from, { scopes: having, position }).join(' AND ')}`,
    );
    const rows = found.first<number>(0) ?? 0;
    summaries.push({
      name,
      columns: tableColumns(view, having),
      rows,
      firstStep: found.first<number | null>(1) ?? null,
      lastStep: found.first<number | null>(2) ?? null,
      updatedAt: rows === 0 ? 0 : (found.first<number>(3) ?? 0),
    });
  }
  return summaries;
}

/** The columns of a table over runs. */
export async function readTableColumns(
  reading: Reading,
  runs: readonly string[],
  table: string,
  position: number,
): Promise<TableColumn[]> {
  const scopes = runs.map((run) => ({ run }));
  const view = await viewTable(reading, table, scopes, position);
  return view ? tableColumns(view, scopes) : [];
}

const tableColumns = (view: TableView, scopes: readonly RunScope[]): TableColumn[] =>
  selectColumns(columnsOfScopes(view, scopes), new Parameters()).map((column) => ({
    name: column.name,
    type: column.type,
    origin: isDerived(column) ? 'derived' : 'logged',
    ...(column.role && { role: column.role }),
  }));

/** Bytes of a point, of a row and of a cell that is no text: estimates of what is compressed. */
const [POINT, ROW, CELL] = [12, 40, 8];

export async function readBytesOfRuns({ server, catalogue }: Reading): Promise<Array<{ run: string; bytes: number }>> {
  const { dead, position } = await catalogue.moment();
  const where = [`position <= ${position}`, ...deadSql(dead)].join(' AND ');
  const cells = ['numbers', 'booleans', 'heads'].map((map) => `length(${map})`).join(' + ');
  const found = await server.read(
    `SELECT run, sum(bytes) FROM (
       SELECT run, count() * ${POINT} AS bytes FROM points WHERE ${where} GROUP BY run
       UNION ALL
       SELECT run, sum(arraySum(mapValues(chars)) + ${CELL} * (${cells}) + ${ROW}) AS bytes FROM rows WHERE ${where} GROUP BY run
     ) GROUP BY run`,
  );
  const ids = await catalogue.runIds(found.at<number>(0));
  return found.at<number>(0).flatMap((key, i) => {
    const run = ids.get(key);
    return run === undefined ? [] : [{ run, bytes: Math.round(found.at<number>(1)[i] ?? 0) }];
  });
}
