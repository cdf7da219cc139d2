import type { LensColumns, RowQuery } from '../../EngineReads';
import type { Read } from '../Database';
import type { Layout } from '../Layout';
import { looksOf } from './lensSql';
import { SQUARE_LIMIT } from './pointsSql';
import type { SelectedRows } from './SelectedRows';
import { listSql, rowScopeSql } from './scopeSql';

/** For each of some rows, how far the rewards of its group spread: one prompt at one step of one run, as logged. */
export async function readGroupSpread(
  read: Read,
  layout: Layout,
  { scopes, position }: RowQuery,
  { table, columns }: SelectedRows,
  rows: readonly number[],
  roles: LensColumns,
): Promise<(number | null)[]> {
  if (rows.length === 0) {
    return [];
  }
  const { k, v } = looksOf({ columns: roles }, columns);
  const all = `SELECT row, run, step, ${k} AS k, ${v} AS v FROM rows_${table.key}
               WHERE ${rowScopeSql(layout, table.key, { scopes, position }).join(' AND ')}`;
  const found = await read(
    `WITH page AS MATERIALIZED (SELECT row, run, step, k FROM (${all}) WHERE row IN (${listSql(rows)})),
          wanted AS (SELECT DISTINCT run, step, k FROM page WHERE k IS NOT NULL),
          spreads AS (
            SELECT a.run, a.step, a.k, count(v) AS n, min(v) = max(v) AS isEven,
                   stddev_pop(v) FILTER (abs(v) < ${SQUARE_LIMIT}) AS sd
            FROM (${all}) a JOIN wanted w ON a.run = w.run AND a.step IS NOT DISTINCT FROM w.step AND a.k = w.k
            GROUP BY a.run, a.step, a.k
          )
     SELECT row::DOUBLE, CASE WHEN n > 1 THEN CASE WHEN isEven THEN 0 ELSE sd END END::DOUBLE
     FROM page p JOIN spreads s ON p.run = s.run AND p.step IS NOT DISTINCT FROM s.step AND p.k = s.k`,
  );
  const byRow = new Map(found.at<number>(0).map((row, i) => [row, found.at<number | null>(1)[i] ?? null]));
  return rows.map((row) => byRow.get(row) ?? null);
}
