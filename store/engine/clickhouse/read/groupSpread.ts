import type { LensColumns, RowQuery } from '../../EngineReads';
import type { Server } from '../Server';
import { NO_STEP } from '../schema';
import { looksOf } from './lensSql';
import type { SelectedRows } from './SelectedRows';
import { rowScopeSql } from './scopeSql';
import { deviationSql } from './statistics';

/** Reads, for each of some rows, how far the rewards of its group spread: one prompt, step and run, as logged. */
export async function readGroupSpread(
  server: Server,
  { scopes, position }: RowQuery,
  { view, columns, parameters }: SelectedRows,
  rows: readonly number[],
  roles: LensColumns,
): Promise<(number | null)[]> {
  if (rows.length === 0) {
    return [];
  }
  const { groupKey, score } = looksOf({ columns: roles }, columns);
  const where = rowScopeSql(view, view.from, { scopes, position }).join(' AND ');
  const found = await server.read(
    `WITH logged AS (SELECT row, run, ifNull(step, ${NO_STEP}) AS stepKey, ${groupKey} AS groupKey, ${score} AS score
                     FROM ${view.from} WHERE ${where}),
          page AS (SELECT row, run, stepKey, groupKey FROM logged
                   WHERE row IN ${parameters.integers(rows)} AND groupKey IS NOT NULL),
          spreads AS (
            SELECT run, stepKey, groupKey, count(score) AS scores, min(score) = max(score) AS isEven,
                   ${deviationSql('score')} AS sd
            FROM logged WHERE (run, stepKey, groupKey) IN (SELECT run, stepKey, groupKey FROM page)
            GROUP BY run, stepKey, groupKey
          )
     SELECT page.row, if(scores > 1, if(isEven, 0, sd), NULL)
     FROM page JOIN spreads ON page.run = spreads.run AND page.stepKey = spreads.stepKey AND page.groupKey = spreads.groupKey`,
    parameters,
  );
  const spreads = found.numbers<number | null>(1);
  const byRow = new Map(found.at<number>(0).map((row, i) => [row, spreads[i] ?? null]));
  return rows.map((row) => byRow.get(row) ?? null);
}
