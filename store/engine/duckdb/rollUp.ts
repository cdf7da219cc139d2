import type { DuckDBConnection } from '@duckdb/node-api';
import type { Layout } from './Layout';
import { query } from './query';
import { reduceSql } from './read/reduceSql';
import { inTransaction } from './transaction';

/** Buckets of `peaks` are `2 ** PEAK_SHIFT` steps wide: a read whose buckets are as wide or wider may be made of them. */
export const PEAK_SHIFT = 8;
/** Points that make a go worth its while: charts read fewer than this as fast from `points`. */
const LEAST = 1_000_000;
/** Points of one go: writers wait for about a tenth of a second. */
const MOST = 2_000_000;

/**
 * Adds to `peaks` the extremes of points that came since the last go, in a transaction of its own. A bucket that grows
 * later gets further lines: what stands out among all of its points stands out among those that came together, so
 * extremes over `peaks` are the extremes over `points`. True when there is enough left for another go.
 */
export async function rollUp(connection: DuckDBConnection, layout: Layout, least = LEAST, most = MOST) {
  const from = layout.rolled.at(-1) ?? 0;
  // Lines lie in the order of their positions, so the last commit of a go may be cut: its position takes all of it in.
  const next = await query(
    connection,
    `SELECT count(*)::DOUBLE, max(position)::DOUBLE
     FROM (SELECT position FROM points WHERE position > ${from} LIMIT ${most})`,
  );
  const [count = 0, to = 0] = [0, 1].map((column) => next.at<number | null>(column)[0] ?? 0);
  if (count < least) {
    return false;
  }
  const keys = ['run', 'metric', 'attempt'];
  const fresh = `SELECT run, metric, attempt, step, time, value, position AS seq FROM points
                 WHERE position > ${from} AND position <= ${to} AND step IS NOT NULL`;
  const bucket = `${keys.join(', ')}, step >> ${PEAK_SHIFT}`;
  const extremes = reduceSql({ x: 'step', reduce: 'extremes' }, fresh, keys, { shift: PEAK_SHIFT, nonFinite: true });
  await inTransaction(connection, async () => {
    await connection.run(
      `INSERT INTO peaks
       SELECT ${keys.join(', ')}, step, time, value, seq,
              CASE WHEN row_number() OVER (PARTITION BY ${keys.join(', ')}, bucket ORDER BY step) = 1
                   THEN points ELSE 0 END
       FROM (SELECT *, step >> ${PEAK_SHIFT} AS bucket FROM (${extremes})) extremes
       JOIN (SELECT ${bucket} AS bucket, count(*) AS points FROM (${fresh}) GROUP BY ${bucket}) counted
         USING (${keys.join(', ')}, bucket)`,
    );
    await connection.run(`INSERT INTO rolled VALUES (${to})`);
  });
  layout.rolled.push(to);
  return count === most;
}
