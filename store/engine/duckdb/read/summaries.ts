import type { LatestPoint, MetricSummary, RunScope, TableSummary } from '../../EngineReads';
import type { Database } from '../Database';
import type { Layout } from '../Layout';
import { selectColumns } from './columnSql';
import { rowScopeSql, scopeSql } from './scopeSql';

/** Effective points of the runs, each step once. */
function effectivePoints(layout: Layout, scopes: RunScope[], position: number): string {
  const where = scopeSql(layout, { scopes, position }).join(' AND ');
  if (scopes.every(({ effective }) => !effective)) {
    return `SELECT run, metric, step, time, value, rowid AS seq FROM points WHERE ${where}`;
  }
  return `SELECT run, metric, step, arg_max(time, rowid) AS time, arg_max(value, rowid) AS value, max(rowid) AS seq
          FROM points WHERE ${where} GROUP BY run, metric, step, CASE WHEN step IS NULL THEN rowid END`;
}

export async function readMetricSummaries(
  database: Database,
  layout: Layout,
  scopes: RunScope[],
  names: string[],
  position: number,
): Promise<MetricSummary[]> {
  const keys = names.flatMap((name) => layout.metrics.find(name) ?? []);
  const columns = await database.read(
    `SELECT metric, count(DISTINCT run)::DOUBLE, count(*)::DOUBLE, min(step)::DOUBLE, max(step)::DOUBLE,
            max(time)::DOUBLE, arg_max(value, {'s': coalesce(step, -9007199254740992), 'q': seq}),
            min(value) FILTER (isfinite(value)), max(value) FILTER (isfinite(value))
     FROM (${effectivePoints(layout, scopes, position)})
     WHERE metric IN (${keys.join(', ') || 'NULL'}) GROUP BY metric`,
  );
  const at = <T>(column: number, i: number) => columns.at<T | null>(column)[i] ?? null;
  const found = columns.at<number>(0).map((metric, i) => ({
    name: layout.metrics.nameOf(metric),
    runs: at<number>(1, i) ?? 0,
    points: at<number>(2, i) ?? 0,
    firstStep: at<number>(3, i),
    lastStep: at<number>(4, i),
    lastTime: at<number>(5, i) ?? 0,
    last: at<number>(6, i) ?? 0,
    min: at<number>(7, i),
    max: at<number>(8, i),
  }));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function readLatestPoints(database: Database, layout: Layout): Promise<LatestPoint[]> {
  const columns = await database.lookUp(
    `SELECT run, metric, step::DOUBLE, time::DOUBLE, value, attempt FROM (
       SELECT run, metric, min(rowid) AS born,
              unnest(arg_max({'step': step, 'time': time, 'value': value, 'attempt': attempt},
                             {'a': attempt, 's': coalesce(step, -9007199254740992), 'q': rowid}))
       FROM points GROUP BY run, metric) ORDER BY run, born`,
  );
  return columns.at<number>(0).map((run, i) => ({
    run: layout.runs.nameOf(run),
    metric: layout.metrics.nameOf(columns.at<number>(1)[i] ?? 0),
    step: columns.at<number | null>(2)[i] ?? null,
    time: columns.at<number>(3)[i] ?? 0,
    value: columns.at<number>(4)[i] ?? 0,
    attempt: columns.at<number>(5)[i] ?? 1,
  }));
}

export async function readTableSummaries(
  database: Database,
  layout: Layout,
  scopes: RunScope[],
  position: number,
): Promise<TableSummary[]> {
  const runs = scopes.map(({ run }) => run);
  const summaries: TableSummary[] = [];
  for (const table of layout.tables.values()) {
    const columns = selectColumns(layout, table, runs);
    if (columns.length === 0) {
      continue;
    }
    const where = rowScopeSql(layout, table.key, { scopes, position }).join(' AND ');
    const counts = await database.read(
      `SELECT count(*)::DOUBLE, min(step)::DOUBLE, max(step)::DOUBLE, max(time)::DOUBLE FROM rows_${table.key} WHERE ${where}`,
    );
    const at = (column: number) => counts.at<number | null>(column)[0] ?? null;
    summaries.push({
      name: layout.tableNames.nameOf(table.key),
      columns: columns.map(({ name, type, places }) => ({
        name,
        type,
        origin: places.every(({ origin }) => origin === 'derived') ? ('derived' as const) : ('logged' as const),
        ...(places[0]?.role && { role: places[0].role }),
      })),
      rows: at(0) ?? 0,
      firstStep: at(1),
      lastStep: at(2),
      updatedAt: at(3) ?? 0,
    });
  }
  return summaries;
}
