import type { MetricPoint } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Reads } from '../Reads';

/** Finds which of some points a run has: no more comes back, however many others there are at those times. */
export async function readKnownPoints(
  database: Reads,
  layout: Layout,
  run: string,
  asked: readonly MetricPoint[],
): Promise<Set<number>> {
  const runKey = layout.runs.find(run);
  const lines = asked.flatMap(({ metric, time, value }, i) => {
    const key = layout.metrics.find(metric);
    return key === undefined ? [] : [`${i} ${key} ${time} ${value}`];
  });
  if (runKey === undefined || lines.length === 0) {
    return new Set();
  }
  const part = (n: number, type: string) => `split_part(line, ' ', ${n})::${type}`;
  const found = await database.lookUp(
    `WITH asked AS (
       SELECT ${part(1, 'INTEGER')} AS number, ${part(2, 'INTEGER')} AS metric, ${part(3, 'BIGINT')} AS time,
              ${part(4, 'DOUBLE')} AS value
       FROM (SELECT unnest(string_split($1::VARCHAR, ',')) AS line)
     )
     SELECT number::DOUBLE FROM asked SEMI JOIN points
     ON run = ${runKey} AND asked.metric = points.metric AND asked.time = points.time AND asked.value = points.value`,
    [lines.join(',')],
  );
  return new Set(found.at<number>(0));
}
