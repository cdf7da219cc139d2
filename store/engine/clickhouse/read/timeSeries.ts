import type { TimeAggregate, TimeSeries, TimeSeriesQuery, TimeSeriesResult } from '../../EngineReads';
import type { Columns } from '../Columns';
import { pointsSql } from './pointsSql';
import { type SeriesView, viewSeries } from './SeriesView';
import { num } from './scopeSql';
import { deviationSql } from './statistics';
import type { Reading } from './TableView';

/** Points that a quantile is taken of at the most: all of them are in memory at once. */
const MOST_FOR_QUANTILE = 20_000_000;

/**
 * Reads effective points of metrics by wall time, as they are or one a bucket. Values that are not finite are left out.
 * How many there are is counted first, which takes a fraction of the time and no memory.
 */
export async function readTimeSeries(reading: Reading, query: TimeSeriesQuery): Promise<TimeSeriesResult> {
  const { server } = reading;
  const scopes = [...new Map(query.wanted.map(({ scope }) => [scope.run, scope])).values()];
  const view = await viewSeries(
    reading,
    scopes,
    query.wanted.map(({ metric }) => metric),
  );
  const points = wantedSql(view, query);
  const { bucket, limit } = query;
  const begin = beginSql(query);
  const lines = bucket ? `uniqExact(key, metric, ${begin})` : 'count()';
  const counts = await server.read(`SELECT ${lines}, count() FROM (${points})`);
  const [count = 0, all = 0] = [counts.first<number>(0), counts.first<number>(1)];
  const isQuantile = typeof bucket?.aggregate === 'object';
  if (count > limit || (isQuantile && all > MOST_FOR_QUANTILE)) {
    return { series: [], tooMany: Math.max(count, limit + 1) };
  }
  const sql = bucket
    ? `SELECT key, metric, ${begin} AS moment, ${aggregateSql(bucket.aggregate)} FROM (${points})
       GROUP BY key, metric, moment ORDER BY key, metric, moment`
    : `SELECT key, metric, time, told FROM (${points}) ORDER BY key, metric, time, seq`;
  return { series: seriesOf(view, await server.read(sql)) };
}

/** Makes SQL of `key, metric, time, seq, told`: a line a point. */
function wantedSql(view: SeriesView, { wanted, times, position, read = 'value' }: TimeSeriesQuery): string {
  const scopes = [...new Map(wanted.map(({ scope }) => [scope.run, scope])).values()];
  const metrics = [...new Set(wanted.map(({ metric }) => metric))];
  const asked = { x: 'time', maxPoints: 0, reduce: 'none', everyAttempt: false } as const;
  const points = pointsSql(view, { ...asked, scopes, metrics, times, position });
  const pairs = wanted.flatMap(({ scope, metric }) => {
    const [run, name] = [view.runs.get(scope.run), view.metrics.get(metric)];
    return run === undefined || name === undefined ? [] : [`(${run}, ${name})`];
  });
  const isWanted = pairs.length === 0 ? 'false' : `(key, metric) IN (${pairs.join(', ')})`;
  return `SELECT key, metric, time, seq, toFloat64(${read}) AS told FROM (${points})
          WHERE isFinite(value) AND ${read} IS NOT NULL AND ${isWanted}`;
}

function beginSql({ bucket, times }: TimeSeriesQuery): string {
  return bucket && Number.isFinite(bucket.width) ? `time - time % ${num(bucket.width)}` : num(times.from ?? 0);
}

/** Lines of `key, metric, moment, value`, in that order. */
function seriesOf(view: SeriesView, found: Columns): TimeSeries[] {
  const series = new Map<string, { key: number; metric: number; time: number[]; value: number[] }>();
  const [keys, metrics, moments, values] = [
    found.at<number>(0),
    found.at<number>(1),
    found.at<number>(2),
    found.numbers<number | null>(3),
  ];
  for (let i = 0; i < found.count; i++) {
    const [key = 0, metric = 0, moment = 0, value] = [keys[i], metrics[i], moments[i], values[i]];
    // What is made of finite values may be none: a sum beyond all numbers, a deviation of values whose squares are.
    if (value === null || value === undefined || !Number.isFinite(value)) {
      continue;
    }
    const id = `${key} ${metric}`;
    const one = series.get(id) ?? { key, metric, time: [], value: [] };
    series.set(id, one);
    if (one.time.at(-1) === moment) {
      one.value[one.value.length - 1] = value;
    } else {
      one.time.push(moment);
      one.value.push(value);
    }
  }
  return [...series.values()].map(({ key, metric, time, value }) => ({
    run: view.idOf(key),
    metric: view.metricOf(metric),
    time: Float64Array.from(time),
    value: Float64Array.from(value),
  }));
}

function aggregateSql(aggregate: TimeAggregate): string {
  if (typeof aggregate === 'object') {
    return `quantileExactInclusive(${num(aggregate.quantile)})(assumeNotNull(told))`;
  }
  switch (aggregate) {
    case 'first':
      return 'argMin(told, (time, seq))';
    case 'last':
      return 'argMax(told, (time, seq))';
    case 'dev':
      return deviationSql('told');
    default:
      return `${aggregate}(told)`;
  }
}
