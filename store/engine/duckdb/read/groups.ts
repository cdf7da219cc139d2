import type { GroupColumns, GroupData, RowQuery } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Read } from '../Reads';
import { failedSql, scoreSql, textSql } from './columnSql';
import { SQUARE_LIMIT } from './pointsSql';
import { selectRows, type Texts } from './rowsSql';

/** A line per prompt, best and worst by reward; among equals the first logged. */
export async function readGroups(
  read: Read,
  layout: Layout,
  query: RowQuery,
  texts: Texts,
  columns: GroupColumns,
): Promise<GroupData[]> {
  const selected = selectRows(layout, query, texts);
  if (!selected) {
    return [];
  }
  // Columns are read as texts, whatever types they were logged with.
  const textOf = (name: string | undefined) => {
    const column = selected.columns.find((one) => one.name === name);
    return column ? textSql(column) : 'NULL';
  };
  const reward = scoreSql(selected.columns, columns.reward);
  const hash = textOf('promptHash');
  const failed = failedSql(selected.columns);
  const groups = await read(
    `WITH selected AS (
       SELECT row, step, ${reward} AS score, ${hash} AS hash, left(${textOf(columns.prompt)}, 200) AS prompt,
              coalesce(${textOf(columns.groupId)}, ${hash}) AS key, ${failed ?? 'NULL'} AS hasFailed
       FROM ${selected.from} WHERE ${selected.where}
     )
     SELECT key, arg_min(hash, row), arg_min(prompt, row), min(step)::DOUBLE, max(step)::DOUBLE, count(*)::DOUBLE,
            avg(score) FILTER (isfinite(score)), stddev_pop(score) FILTER (abs(score) < ${SQUARE_LIMIT}),
            min(score) FILTER (isfinite(score)), max(score) FILTER (isfinite(score)),
            arg_max(row, {'score': score, 'row': -row}) FILTER (isfinite(score))::DOUBLE,
            arg_min(row, {'score': score, 'row': row}) FILTER (isfinite(score))::DOUBLE, min(row)::DOUBLE,
            ${failed ? '(count(*) FILTER (hasFailed))::DOUBLE' : 'NULL'}
     FROM selected WHERE key IS NOT NULL GROUP BY key ORDER BY min(row)`,
    selected.values,
  );
  const finite = (value: number | null) => (Number.isFinite(value) ? value : null);
  const at = <T>(column: number, i: number) => groups.at<T | null>(column)[i] ?? null;
  return Array.from({ length: groups.count }, (_, i) => ({
    key: at<string>(0, i) ?? '',
    promptHash: at<string>(1, i),
    prompt: at<string>(2, i),
    firstStep: at<number>(3, i),
    lastStep: at<number>(4, i),
    n: at<number>(5, i) ?? 0,
    mean: finite(at<number>(6, i)),
    sd: at<number>(7, i),
    min: at<number>(8, i),
    max: at<number>(9, i),
    best: at<number>(10, i),
    worst: at<number>(11, i),
    first: at<number>(12, i) ?? 0,
    failed: at<number>(13, i),
  }));
}
