import { type Bucketing, bucketWidth } from '../../bucketWidth';
import type { SeriesQuery } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Reads } from '../Reads';

/** The range of one series, and how it is brought down to what may be returned. */
export interface Range {
  /** A run's key, or a group's index. */
  key: number;
  metric: number;
  attempt: number;
  count: number;
  bucketing: Bucketing;
  /** The widest buckets of its extremes that are kept are `2 ** kept` wide; 0 for none. */
  kept: number;
}

export const seriesId = (one: { key: number; metric: number; attempt: number }): string =>
  `${one.key},${one.metric},${one.attempt}`;

/**
 * Reads the range of every series that the points are of. `only`: they can be of that one alone; `hasKept`: lines stand
 * for more points.
 */
export async function readRanges(
  database: Reads,
  query: SeriesQuery,
  points: string,
  only?: { key: number; metric: number },
  hasKept = false,
): Promise<Range[]> {
  const { x } = query;
  const keys = only ? `${only.key}, ${only.metric}, 0` : 'key, metric, attempt';
  const columns = await database.read(
    `SELECT ${keys}, sum(points)::DOUBLE, min(${x})::DOUBLE, max(${x})::DOUBLE,
            (count(*) FILTER (NOT isfinite(value)))::DOUBLE, ${hasKept ? 'max(shift)::DOUBLE' : '0'}
     FROM (${points}) WHERE ${x} IS NOT NULL ${only ? 'HAVING count(*) > 0' : `GROUP BY ${keys}`}`,
  );
  const at = (column: number, i: number) => columns.at<number>(column)[i] ?? 0;
  return columns.at<number>(0).map((key, i) => {
    const range = { count: at(3, i), min: at(4, i), max: at(5, i), nonFinite: at(6, i) };
    const bucketing = bucketWidth(query.reduce, range, query.maxPoints);
    return { key, metric: at(1, i), attempt: at(2, i), count: range.count, bucketing, kept: at(7, i) };
  });
}

/** The same of a series whose points are there. */
export function rangeOf(query: SeriesQuery, x: Float64Array, values: Float64Array): Pick<Range, 'count' | 'bucketing'> {
  const range = { count: x.length, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, nonFinite: 0 };
  for (let i = 0; i < x.length; i++) {
    const at = x[i] ?? 0;
    range.min = Math.min(at, range.min);
    range.max = Math.max(at, range.max);
    range.nonFinite += Number.isFinite(values[i]) ? 0 : 1;
  }
  return { count: range.count, bucketing: bucketWidth(query.reduce, range, query.maxPoints) };
}

/** The one series that a query can be about; grouping a million points by what is the same in all has its price. */
export function onlySeries(layout: Layout, query: SeriesQuery): { key: number; metric: number } | undefined {
  const [run, metric] = [query.scopes[0]?.run ?? '', query.metrics[0] ?? ''];
  const isOne = query.scopes.length === 1 && query.metrics.length === 1 && !query.groups && !query.everyAttempt;
  const [key, metricKey] = [layout.runs.find(run), layout.metrics.find(metric)];
  return isOne && key !== undefined && metricKey !== undefined ? { key, metric: metricKey } : undefined;
}
