import type { MetricSummary, RunScope, TableSummary } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Reads } from '../Reads';
import { selectColumns } from './columnSql';
import { isMetricSql, rowMetricsOf } from './pointsSql';
import { rowScopeSql, scopeSql } from './scopeSql';

/** Makes SQL of effective points of metrics of the runs, each step once. */
function effectivePoints(layout: Layout, scopes: RunScope[], names: readonly string[], position: number): string {
  const ofRows = rowMetricsOf(scopes);
  const where = scopeSql(layout, { scopes, position }).join(' AND ');
  const points = (metrics: readonly string[], isPlain: boolean) => {
    const isMetric = isMetricSql(layout, metrics);
    return isPlain
      ? `SELECT run, metric, step, time, value, rowid AS seq FROM points WHERE ${where} AND ${isMetric}`
      : `SELECT run, metric, step, arg_max(time, rowid) AS time, arg_max(value, rowid) AS value, max(rowid) AS seq
         FROM points WHERE ${where} AND ${isMetric} GROUP BY run, metric, step, CASE WHEN step IS NULL THEN rowid END`;
  };
  const logged = names.filter((name) => !ofRows.has(name));
  const parts = [
    points(
      logged,
      scopes.every(({ effective }) => !effective),
    ),
  ];
  if (logged.length < names.length) {
    parts.push(
      points(
        names.filter((name) => ofRows.has(name)),
        false,
      ),
    );
  }
  return parts.join(' UNION ALL ');
}

export async function readMetricSummaries(
  database: Reads,
  layout: Layout,
  scopes: RunScope[],
  names: string[],
  position: number,
): Promise<MetricSummary[]> {
  const columns = await database.read(
    `SELECT metric, count(DISTINCT run)::DOUBLE, count(*)::DOUBLE, min(step)::DOUBLE, max(step)::DOUBLE,
            max(time)::DOUBLE, arg_max(value, {'step': coalesce(step, -9007199254740992), 'seq': seq}),
            min(value) FILTER (isfinite(value)), max(value) FILTER (isfinite(value))
     FROM (${effectivePoints(layout, scopes, names, position)}) GROUP BY metric`,
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

export async function readTableSummaries(
  database: Reads,
  layout: Layout,
  scopes: RunScope[],
  position: number,
): Promise<TableSummary[]> {
  // A table is asked only about the runs that have it: each of them is named in its statement.
  const own = [...layout.tables.values()].flatMap((table) => {
    const having = scopes.filter(({ run }) => table.byRun.has(layout.runs.find(run) ?? -1));
    const columns = selectColumns(
      layout,
      table,
      having.map(({ run }) => run),
    );
    return columns.length === 0 ? [] : [{ table, having, columns }];
  });
  const counts = await countTables(
    database,
    own.map(({ table, having }) => ({
      key: table.key,
      where: rowScopeSql(layout, table.key, { scopes: having, position }).join(' AND '),
    })),
  );
  return own.map(({ table, columns }) => ({
    name: layout.tableNames.nameOf(table.key),
    columns: columns.map(({ name, type, role, places }) => ({
      name,
      type,
      origin: places.every(({ origin }) => origin === 'derived') ? ('derived' as const) : ('logged' as const),
      ...(role && { role }),
    })),
    ...(counts.get(table.key) ?? { rows: 0, firstStep: null, lastStep: null, updatedAt: 0 }),
  }));
}

/** Tables of one statement: a request names a few dozen, and a statement on thousands takes long to be understood. */
const TABLES_AT_ONCE = 250;

/** Reads the rows, steps and times of tables, by key, in few statements. */
async function countTables(database: Reads, tables: ReadonlyArray<{ key: number; where: string }>) {
  const counts = new Map<number, Pick<TableSummary, 'rows' | 'firstStep' | 'lastStep' | 'updatedAt'>>();
  for (let from = 0; from < tables.length; from += TABLES_AT_ONCE) {
    const parts = tables
      .slice(from, from + TABLES_AT_ONCE)
      .map(({ key, where }) => `SELECT ${key} AS key, step, time FROM rows_${key} WHERE ${where}`);
    const found = await database.read(
      `SELECT key::DOUBLE, count(*)::DOUBLE, min(step)::DOUBLE, max(step)::DOUBLE, max(time)::DOUBLE
       FROM (${parts.join(' UNION ALL ')}) GROUP BY key`,
    );
    const at = (column: number, i: number) => found.at<number | null>(column)[i] ?? null;
    for (let i = 0; i < found.count; i++) {
      counts.set(at(0, i) ?? 0, {
        rows: at(1, i) ?? 0,
        firstStep: at(2, i),
        lastStep: at(3, i),
        updatedAt: at(4, i) ?? 0,
      });
    }
  }
  return counts;
}
