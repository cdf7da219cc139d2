import type { GroupColumns, GroupData, RowQuery } from '../../EngineReads';
import { failedSql, scoreSql, textSql } from './columnSql';
import { selectRows } from './rowsSql';
import { deviationSql } from './statistics';
import type { Reading } from './TableView';

/** A line per prompt, best and worst by reward; among equals the first logged. */
export async function readGroups(reading: Reading, query: RowQuery, columns: GroupColumns): Promise<GroupData[]> {
  const selected = await selectRows(reading, query);
  if (!selected) {
    return [];
  }
  // Columns are read as texts, whatever types they were logged with.
  const textOf = (name: string | undefined) => {
    const column = selected.columns.find((one) => one.name === name);
    return column ? textSql(column) : "CAST(NULL, 'Nullable(String)')";
  };
  const reward = scoreSql(selected.columns, columns.reward);
  const hash = textOf('promptHash');
  const failed = failedSql(selected.columns);
  const groups = await reading.server.read(
    `SELECT groupKey, argMin(tuple(hash), row).1, argMin(tuple(prompt), row).1, min(step), max(step), count(),
            avgOrNullIf(score, isScored), ${deviationSql('score')}, minOrNullIf(score, isScored), maxOrNullIf(score, isScored),
            argMaxOrNullIf(row, (assumeNotNull(score), -toInt64(row)), isScored),
            argMinOrNullIf(row, (assumeNotNull(score), row), isScored), min(row), ${failed ? 'countIf(hasFailed)' : 'NULL'}
     FROM (
       SELECT row, step, ${reward} AS score, ifNull(isFinite(score), false) AS isScored, ${hash} AS hash,
              leftUTF8(${textOf(columns.prompt)}, 200) AS prompt,
              coalesce(${textOf(columns.groupId)}, ${hash}) AS groupKey, ${failed ?? 'false'} AS hasFailed
       FROM ${selected.from} WHERE ${selected.where}
     ) WHERE groupKey IS NOT NULL GROUP BY groupKey ORDER BY min(row)`,
    selected.parameters,
  );
  const finite = (value: number | null | undefined) => (Number.isFinite(value) ? (value ?? null) : null);
  const numbers = (column: number) => groups.numbers<number | null>(column);
  const [means, deviations, lowest, highest] = [6, 7, 8, 9].map(numbers);
  const at = <T>(column: number, i: number) => groups.at<T | null>(column)[i] ?? null;
  return Array.from({ length: groups.count }, (_, i) => ({
    key: at<string>(0, i) ?? '',
    promptHash: at<string>(1, i),
    prompt: at<string>(2, i),
    firstStep: at<number>(3, i),
    lastStep: at<number>(4, i),
    n: at<number>(5, i) ?? 0,
    mean: finite(means?.[i]),
    sd: finite(deviations?.[i]),
    min: lowest?.[i] ?? null,
    max: highest?.[i] ?? null,
    best: at<number>(10, i),
    worst: at<number>(11, i),
    first: at<number>(12, i) ?? 0,
    failed: at<number>(13, i),
  }));
}
