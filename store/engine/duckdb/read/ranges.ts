import type { SeriesQuery } from '../../EngineReads';
import type { Database } from '../Database';
import { type Bucketing, bucketWidth } from './bucketWidth';

/** What there is of one series, and how it is brought down to what may be returned. */
export interface Range {
  /** A run's key, or a group's index. */
  key: number;
  metric: number;
  attempt: number;
  count: number;
  bucketing: Bucketing;
}

export const seriesId = (one: { key: number; metric: number; attempt: number }): string =>
  `${one.key},${one.metric},${one.attempt}`;

export async function readRanges(database: Database, query: SeriesQuery, points: string): Promise<Range[]> {
  const { x } = query;
  const columns = await database.read(
    `SELECT key, metric, attempt, count(*)::DOUBLE, min(${x})::DOUBLE, max(${x})::DOUBLE,
            (count(*) FILTER (NOT isfinite(value)))::DOUBLE
     FROM (${points}) WHERE ${x} IS NOT NULL GROUP BY key, metric, attempt`,
  );
  const at = (column: number, i: number) => columns.at<number>(column)[i] ?? 0;
  return columns.at<number>(0).map((key, i) => {
    const range = { count: at(3, i), min: at(4, i), max: at(5, i), nonFinite: at(6, i) };
    const bucketing = bucketWidth(query.reduce, range, query.maxPoints);
    return { key, metric: at(1, i), attempt: at(2, i), count: range.count, bucketing };
  });
}
