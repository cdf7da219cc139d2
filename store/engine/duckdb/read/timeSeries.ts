import type { RunMetric, TimeAggregate, TimeSeries, TimeSeriesQuery, TimeSeriesResult } from '../../EngineReads';
import type { Layout } from '../Layout';
import { Numbers } from '../Numbers';
import type { Reads } from '../Reads';
import { pointsSql, SQUARE_LIMIT } from './pointsSql';
import { num } from './scopeSql';

const READ = { value: 'value', step: 'step::DOUBLE', time: 'time::DOUBLE' } as const;
/** Points that a quantile is taken of at the most: all of them are in memory at once. */
const MOST_FOR_QUANTILE = 20_000_000;
/** A guess of how many there are is off by so much at the most. */
const GUESS = 1.1;

/**
 * Reads effective points of metrics by wall time, as they are or one a bucket. Values that are not finite are left out.
 * How many there are is counted first, which takes a fraction of the time and no memory.
 */
export async function readTimeSeries(
  database: Reads,
  layout: Layout,
  query: TimeSeriesQuery,
): Promise<TimeSeriesResult> {
  const points = wantedSql(layout, query);
  const tooMany = await countBeyond(database, query, points);
  if (tooMany !== undefined) {
    return { series: [], tooMany };
  }
  const { bucket, limit } = query;
  const sql = bucket
    ? `SELECT key, metric, (${beginSql(query)})::DOUBLE AS moment, ${aggregateSql(bucket.aggregate)}::DOUBLE
       FROM (${points}) GROUP BY key, metric, moment ORDER BY key, metric, moment LIMIT ${limit + 1}`
    : `SELECT key, metric, time::DOUBLE, told FROM (${points}) ORDER BY key, metric, time, seq LIMIT ${limit + 1}`;
  return readSeries(database, layout, sql, limit);
}

/** Makes SQL of `key, metric, time, seq, told`: a line a point. */
function wantedSql(layout: Layout, { wanted, times, position, read = 'value' }: TimeSeriesQuery): string {
  const scopes = [...new Map(wanted.map(({ scope }) => [scope.run, scope])).values()];
  const metrics = [...new Set(wanted.map(({ metric }) => metric))];
  const points = pointsSql(layout, {
    scopes,
    metrics,
    x: 'time',
    times,
    maxPoints: 0,
    reduce: 'none',
    everyAttempt: false,
    position,
  });
  const isAll = wanted.length === scopes.length * metrics.length;
  const conditions = ['isfinite(value)', `${READ[read]} IS NOT NULL`, ...(isAll ? [] : [pairSql(layout, wanted)])];
  return `SELECT key, metric, time, seq, ${READ[read]} AS told FROM (${points}) WHERE ${conditions.join(' AND ')}`;
}

function pairSql(layout: Layout, wanted: readonly RunMetric[]): string {
  const pairs = wanted.flatMap(({ scope, metric }) => {
    const [run, name] = [layout.runs.find(scope.run), layout.metrics.find(metric)];
    return run === undefined || name === undefined ? [] : [`(${run}, ${name})`];
  });
  return `(key, metric) IN (${pairs.join(', ') || '(NULL, NULL)'})`;
}

function beginSql({ bucket, times }: TimeSeriesQuery): string {
  return bucket && Number.isFinite(bucket.width) ? `time - time % ${num(bucket.width)}` : num(times.from ?? 0);
}

/** Counts the points that there would be, or about as many; returns undefined if that is not beyond the limit. */
async function countBeyond(database: Reads, query: TimeSeriesQuery, points: string): Promise<number | undefined> {
  const { wanted, times, bucket, limit } = query;
  const ask = async (what: string) =>
    (await database.read(`SELECT ${what}::DOUBLE FROM (${points})`)).at<number>(0)[0] ?? 0;
  const range = (times.to ?? Number.POSITIVE_INFINITY) - (times.from ?? 0);
  const buckets = bucket ? wanted.length * (Number.isFinite(bucket.width) ? range / bucket.width + 2 : 1) : Infinity;
  const isQuantile = typeof bucket?.aggregate === 'object';
  if (buckets <= limit && !isQuantile) {
    return undefined;
  }
  const count = await ask('count(*)');
  if (isQuantile && count > MOST_FOR_QUANTILE) {
    return count;
  }
  if (!bucket || Math.min(count, buckets) <= limit) {
    return count > limit && !bucket ? count : undefined;
  }
  const guess = await ask(`approx_count_distinct(hash(key, metric, ${beginSql(query)}))`);
  return guess > limit * GUESS ? guess : undefined;
}

/** Reads lines of `key, metric, moment, value`, in that order. */
async function readSeries(database: Reads, layout: Layout, sql: string, limit: number): Promise<TimeSeriesResult> {
  const series: TimeSeries[] = [];
  const time = new Numbers();
  const value = new Numbers();
  let [run, metric] = [-1, -1];
  let rows = 0;
  const finish = () => {
    if (time.length > 0) {
      const names = { run: layout.runs.nameOf(run), metric: layout.metrics.nameOf(metric) };
      series.push({ ...names, time: time.take(), value: value.take() });
    }
  };
  await database.readChunks(sql, (part) => {
    const [keys, metrics] = [part.at<number>(0), part.at<number>(1)];
    const [moments, values] = [part.at<number>(2), part.at<number | null>(3)];
    rows += part.count;
    for (let i = 0; i < part.count; i++) {
      const [key = 0, name = 0, at = 0, told] = [keys[i], metrics[i], moments[i], values[i]];
      // What is made of finite values may be none: a sum beyond all numbers, a deviation of values whose squares are.
      if (told === undefined || told === null || !Number.isFinite(told)) {
        continue;
      }
      if (key !== run || name !== metric) {
        finish();
        [run, metric] = [key, name];
      }
      if (time.last === at) {
        value.last = told;
      } else {
        time.push(at);
        value.push(told);
      }
    }
  });
  finish();
  return rows > limit ? { series: [], tooMany: rows } : { series };
}

function aggregateSql(aggregate: TimeAggregate): string {
  if (typeof aggregate === 'object') {
    return `quantile_cont(told, ${num(aggregate.quantile)})`;
  }
  switch (aggregate) {
    case 'first':
      return `arg_min(told, {'time': time, 'seq': seq})`;
    case 'last':
      return `arg_max(told, {'time': time, 'seq': seq})`;
    case 'dev':
      return `stddev_pop(told) FILTER (abs(told) < ${SQUARE_LIMIT})`;
    default:
      return `${aggregate}(told)`;
  }
}
