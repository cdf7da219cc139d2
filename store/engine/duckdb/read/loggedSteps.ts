import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoggedAsk } from '../../Engine';
import type { Layout } from '../Layout';
import { query } from '../query';
import { textSql } from '../textSql';

/** Reads which of some steps have points, by run and metric; one statement, however many all of them are. */
export async function readLoggedSteps(
  connection: DuckDBConnection,
  layout: Layout,
  asked: readonly LoggedAsk[],
): Promise<Map<string, Map<string, Set<number>>>> {
  const keys = new Set<number>();
  const lines: string[] = [];
  for (const { run, attempt, metric, steps } of asked) {
    const [runKey, metricKey] = [layout.runs.find(run), layout.metrics.find(metric)];
    if (runKey !== undefined && metricKey !== undefined) {
      keys.add(runKey);
      for (const step of steps) {
        lines.push(`${runKey} ${metricKey} ${attempt} ${step}`);
      }
    }
  }
  const found = new Map<string, Map<string, Set<number>>>();
  if (lines.length === 0) {
    return found;
  }
  // The steps come from one text, as in `readFirstRows`.
  const part = (n: number, type: string) => `split_part(line, ' ', ${n})::${type}`;
  const rows = await query(
    connection,
    `SELECT DISTINCT run, metric, step::DOUBLE FROM points
     WHERE run IN (${[...keys].join(', ')}) AND (run, metric, attempt, step) IN
       (SELECT (${part(1, 'INTEGER')}, ${part(2, 'INTEGER')}, ${part(3, 'INTEGER')}, ${part(4, 'BIGINT')})
        FROM (SELECT unnest(string_split(${textSql(lines.join(','))}, ',')) AS line))`,
  );
  rows.at<number>(0).forEach((key, i) => {
    const run = layout.runs.nameOf(key);
    const metric = layout.metrics.nameOf(rows.at<number>(1)[i] ?? 0);
    const metrics = found.get(run) ?? new Map<string, Set<number>>();
    found.set(run, metrics);
    metrics.set(metric, (metrics.get(metric) ?? new Set()).add(rows.at<number>(2)[i] ?? 0));
  });
  return found;
}
