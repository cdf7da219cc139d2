import { type Bucketing, bucketWidth } from '../../bucketWidth';
import type { SeriesQuery } from '../../EngineReads';
import type { Server } from '../Server';
import { KEYS } from './reduceSql';

/** The range of one series, and how it is brought down to what may be returned. */
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

/** Reads the range of every series that the points are of. */
export async function readRanges(server: Server, query: SeriesQuery, points: string): Promise<Range[]> {
  const { x } = query;
  const found = await server.read(
    `SELECT ${KEYS.join(', ')}, count(), min(${x}), max(${x}), countIf(NOT isFinite(value))
     FROM (${points}) WHERE ${x} IS NOT NULL GROUP BY ${KEYS.join(', ')} ORDER BY ${KEYS.join(', ')}`,
  );
  const at = (column: number, i: number) => found.at<number>(column)[i] ?? 0;
  return found.at<number>(0).map((key, i) => {
    const range = { count: at(3, i), min: at(4, i), max: at(5, i), nonFinite: at(6, i) };
    const bucketing = bucketWidth(query.reduce, range, query.maxPoints);
    return { key, metric: at(1, i), attempt: at(2, i), count: range.count, bucketing };
  });
}
