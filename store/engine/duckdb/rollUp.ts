import type { DuckDBConnection } from '@duckdb/node-api';
import type { Layout } from './Layout';
import { query } from './query';
import { newestSql, peaksSql, reachesSql } from './rollUpSql';
import { inTransaction } from './transaction';

/** Points that make a go worth its while: charts read fewer than this as fast from `points`. */
const LEAST = 1_000_000;
/** Points of one go: writers wait for half a second, or for a second where series are short. */
const MOST = 1_000_000;

/**
 * Adds to the tables that are derived from `points` what came since the last go, in a transaction of its own: `peaks`,
 * `time_peaks`, `newest` and `reaches`. What of a bucket, a series or an attempt comes later gets further lines: what stands
 * out among all of its points stands out among those that came together, so extremes over these lines are the extremes over
 * `points`, and so it is with the newest. True when there is enough left for another go.
 */
export async function rollUp(
  connection: DuckDBConnection,
  layout: Layout,
  least = LEAST,
  most = MOST,
  perBucket?: number,
) {
  const from = layout.rolledTo;
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
  const fresh = `SELECT *, rowid AS seq FROM points WHERE position > ${from} AND position <= ${to}`;
  await inTransaction(connection, async () => {
    for (const sql of [
      peaksSql('step', fresh),
      peaksSql('time', fresh, perBucket),
      newestSql(fresh),
      reachesSql(fresh),
    ]) {
      await connection.run(sql);
    }
    await connection.run(`INSERT INTO rolled VALUES (${to})`);
  });
  layout.rolled.push(to);
  return count === most;
}
