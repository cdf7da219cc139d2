import type { TimeAggregate, TimeSeries, TimeSeriesQuery } from '../../EngineReads';
import type { Database } from '../Database';
import type { Layout } from '../Layout';
import { pointsSql } from './pointsSql';
import { num } from './scopeSql';

const READ = { value: 'value', step: 'step::DOUBLE', time: 'time::DOUBLE' } as const;

/** Effective points of one metric by wall time, as they are or one a bucket. Values that are not finite are left out. */
export async function readTimeSeries(
  database: Database,
  layout: Layout,
  query: TimeSeriesQuery,
): Promise<TimeSeries[]> {
  const { scopes, metric, times, position, bucket, read = 'value', limit } = query;
  const points = pointsSql(layout, {
    scopes,
    metrics: [metric],
    x: 'time',
    times,
    maxPoints: 0,
    reduce: 'none',
    everyAttempt: false,
    position,
  });
  const finite = `SELECT key, time, seq, ${READ[read]} AS v FROM (${points}) WHERE isfinite(value)`;
  const begin = bucket && (Number.isFinite(bucket.width) ? `time - time % ${num(bucket.width)}` : num(times.from ?? 0));
  const sql = bucket
    ? `SELECT key, (${begin})::DOUBLE AS moment, ${aggregateSql(bucket.aggregate)}::DOUBLE AS v FROM (${finite})
       WHERE v IS NOT NULL GROUP BY key, moment ORDER BY key, moment LIMIT ${limit}`
    : `SELECT key, time::DOUBLE AS moment, v FROM (${finite}) WHERE v IS NOT NULL ORDER BY key, time, seq LIMIT ${limit}`;
  const columns = await database.read(sql);
  const [keys, at, values] = [columns.at<number>(0), columns.at<number>(1), columns.at<number>(2)];
  const found = new Map<number, TimeSeries>();
  for (let i = 0; i < columns.count; i++) {
    const key = keys[i] ?? 0;
    let series = found.get(key);
    if (!series) {
      series = { run: layout.runs.nameOf(key), time: [], value: [] };
      found.set(key, series);
    }
    series.time.push(at[i] ?? 0);
    series.value.push(values[i] ?? 0);
  }
  return [...found.values()];
}

function aggregateSql(aggregate: TimeAggregate): string {
  if (typeof aggregate === 'object') {
    return `quantile_cont(v, ${num(aggregate.quantile)})`;
  }
  switch (aggregate) {
    case 'first':
      return `arg_min(v, {'t': time, 's': seq})`;
    case 'last':
      return `arg_max(v, {'t': time, 's': seq})`;
    case 'dev':
      return 'stddev_pop(v)';
    default:
      return `${aggregate}(v)`;
  }
}
