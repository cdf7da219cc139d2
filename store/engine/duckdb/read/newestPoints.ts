import type { ArrivedPoint, NewestAsk } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Reads } from '../Reads';

/**
 * Reads the newest points of some metrics of runs at a position, by run, whatever their attempt, in the order of
 * arrival. Returns undefined where there are more than `most`. One statement takes as long for hundreds of runs as for
 * one.
 */
export async function readNewestPoints(
  database: Reads,
  layout: Layout,
  asked: readonly NewestAsk[],
  position: number,
  most = Number.MAX_SAFE_INTEGER,
): Promise<Map<string, ArrivedPoint[]> | undefined> {
  const lines: string[] = [];
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const { run, metric, count } of asked) {
    const [runKey, metricKey] = [layout.runs.find(run), layout.metrics.find(metric)];
    if (runKey !== undefined && metricKey !== undefined && count > 0) {
      [first, last] = [Math.min(first, runKey), Math.max(last, runKey)];
      lines.push(`${runKey} ${metricKey} ${count}`);
    }
  }
  const found = new Map<string, ArrivedPoint[]>();
  if (lines.length === 0) {
    return found;
  }
  // The question comes from one text: as many constants would take longer to parse than the points to read.
  const part = (at: number) => `split_part(line, ' ', ${at})::INTEGER`;
  const columns = await database.read(
    `WITH asked AS (
       SELECT ${part(1)} AS runKey, ${part(2)} AS metricKey, ${part(3)} AS wanted
       FROM (SELECT unnest(string_split($1::VARCHAR, ',')) AS line)
     )
     SELECT run, metric, attempt, step::DOUBLE, time::DOUBLE, value, position::DOUBLE FROM (
       SELECT points.*, points.rowid AS arrival FROM points JOIN asked ON run = runKey AND metric = metricKey
       WHERE run BETWEEN ${first} AND ${last} AND position <= ${position}
       QUALIFY row_number() OVER (PARTITION BY run, metric ORDER BY arrival DESC) <= wanted)
     ORDER BY arrival LIMIT ${Math.min(most, Number.MAX_SAFE_INTEGER - 1) + 1}`,
    [lines.join(',')],
  );
  if (columns.count > most) {
    return undefined;
  }
  columns.at<number>(0).forEach((key, i) => {
    const run = layout.runs.nameOf(key);
    const points = found.get(run) ?? [];
    found.set(run, points);
    points.push({
      metric: layout.metrics.nameOf(columns.at<number>(1)[i] ?? 0),
      attempt: columns.at<number>(2)[i] ?? 1,
      step: columns.at<number | null>(3)[i] ?? null,
      time: columns.at<number>(4)[i] ?? 0,
      value: columns.at<number>(5)[i] ?? 0,
      position: columns.at<number>(6)[i] ?? 0,
    });
  });
  return found;
}
