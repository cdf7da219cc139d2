import type { ArrivedPoint } from '../../EngineReads';
import type { Database } from '../Database';
import type { Layout } from '../Layout';

/** The newest `count` points of each metric of a run at a position, whatever their attempt, in the order of arrival. */
export async function readNewestPoints(
  database: Database,
  layout: Layout,
  run: string,
  names: readonly string[],
  count: number,
  position: number,
): Promise<ArrivedPoint[]> {
  const key = layout.runs.find(run);
  const metrics = names.flatMap((name) => layout.metrics.find(name) ?? []);
  if (key === undefined || metrics.length === 0) {
    return [];
  }
  const columns = await database.read(
    `SELECT metric, attempt, step::DOUBLE, time::DOUBLE, value, position::DOUBLE FROM (
       SELECT *, rowid AS seq FROM points WHERE run = ${key} AND metric IN (${metrics.join(', ')})
         AND position <= ${position}
       QUALIFY row_number() OVER (PARTITION BY metric ORDER BY rowid DESC) <= ${count})
     ORDER BY seq`,
  );
  return columns.at<number>(0).map((metric, i) => ({
    metric: layout.metrics.nameOf(metric),
    attempt: columns.at<number>(1)[i] ?? 1,
    step: columns.at<number | null>(2)[i] ?? null,
    time: columns.at<number>(3)[i] ?? 0,
    value: columns.at<number>(4)[i] ?? 0,
    position: columns.at<number>(5)[i] ?? 0,
  }));
}
