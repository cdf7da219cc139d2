import type { LensColumns, RowQuery } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Read } from '../Reads';
import { lensValues } from './lensValues';
import { SQUARE_LIMIT } from './pointsSql';
import type { SelectedRows } from './SelectedRows';
import { listSql, rowScopeSql } from './scopeSql';

/** Reads, for each of some rows, how far the rewards of its group spread: one prompt, step and run, as logged. */
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
  const { groupKey, score } = lensValues(roles, columns);
  const all = `SELECT row, run, step, ${groupKey} AS groupKey, ${score} AS score FROM rows_${table.key}
               WHERE ${rowScopeSql(layout, table.key, { scopes, position }).join(' AND ')}`;
  const isOne = (group: string) =>
    `logged.run = ${group}.run AND logged.step IS NOT DISTINCT FROM ${group}.step AND logged.groupKey = ${group}.groupKey`;
  const found = await read(
    `WITH page AS MATERIALIZED (SELECT row, run, step, groupKey FROM (${all}) WHERE row IN (${listSql(rows)})),
          wanted AS (SELECT DISTINCT run, step, groupKey FROM page WHERE groupKey IS NOT NULL),
          spreads AS (
            SELECT logged.run, logged.step, logged.groupKey, count(score) AS scores, min(score) = max(score) AS isEven,
                   stddev_pop(score) FILTER (abs(score) < ${SQUARE_LIMIT}) AS sd
            FROM (${all}) logged JOIN wanted ON ${isOne('wanted')}
            GROUP BY logged.run, logged.step, logged.groupKey
          )
     SELECT row::DOUBLE, CASE WHEN scores > 1 THEN CASE WHEN isEven THEN 0 ELSE sd END END::DOUBLE
     FROM page logged JOIN spreads ON ${isOne('spreads')}`,
  );
  const byRow = new Map(found.at<number>(0).map((row, i) => [row, found.at<number | null>(1)[i] ?? null]));
  return rows.map((row) => byRow.get(row) ?? null);
}
