import type { SeriesData, SeriesQuery, SeriesResult } from '../../EngineReads';
import type { Database } from '../Database';
import type { Layout } from '../Layout';
import type { Columns } from '../query';
import { PEAK_SHIFT } from '../rollUp';
import { changedSeries } from './changedSeries';
import { groupNames, pointsSql, rolledUpTo } from './pointsSql';
import { onlySeries, type Range, readRanges, seriesId } from './ranges';
import { reduceSql } from './reduceSql';
import { runNames } from './runNames';
import { num } from './scopeSql';

export async function readSeries(database: Database, layout: Layout, query: SeriesQuery): Promise<SeriesResult> {
  const points = pointsSql(layout, query);
  const rolled = rolledUpTo(layout, query);
  const peaks = rolled === undefined ? points : pointsSql(layout, query, rolled);
  const ranges = await readRanges(database, query, peaks, onlySeries(layout, query));
  const changed = query.since === undefined ? undefined : await changedSeries(database, layout, query, ranges);
  if (changed === 'reset') {
    return { series: [], reset: true };
  }
  const wanted = changed ? ranges.filter((range) => changed.has(seriesId(range))) : ranges;
  const nameOf = runNames(layout, query.scopes);
  const found = new Map(wanted.map((range) => [seriesId(range), emptySeries(layout, query, range, changed, nameOf)]));

  // One statement for all series that share a bucketing: widths are powers of two, so there are few.
  const bySharing = new Map<string, Range[]>();
  for (const range of wanted) {
    const { shift, nonFinite } = range.bucketing;
    const key = `${shift} ${nonFinite}`;
    bySharing.set(key, [...(bySharing.get(key) ?? []), range]);
  }
  for (const same of bySharing.values()) {
    const [first] = same;
    if (first) {
      const starts = same.map((range) => changed?.get(seriesId(range)) ?? Number.NEGATIVE_INFINITY);
      const isWide = (first.bucketing.shift ?? 0) >= PEAK_SHIFT;
      const sql = narrowed(isWide ? peaks : points, query, same, ranges.length, Math.min(...starts));
      const keys = same.length === 1 ? [] : ['key', 'metric', 'attempt'];
      const spread = query.groups ? ', spread' : '';
      const columns = await database.read(
        `SELECT step::DOUBLE, time::DOUBLE, value${[...keys.map((key) => `, ${key}`), spread].join('')}
         FROM (${reduceSql(query, sql, keys, first.bucketing)})
         ORDER BY ${[...keys, query.x, 'seq'].join(', ')}`,
      );
      fill(columns, query.x, found, same.length === 1 ? first : undefined);
    }
  }
  return { series: [...found.values()], reset: false };
}

function emptySeries(
  layout: Layout,
  query: SeriesQuery,
  range: Range,
  changed: Map<string, number> | undefined,
  nameOf: (run: number) => string,
): SeriesData {
  const group = groupNames(query)[range.key] ?? '';
  const from = changed?.get(seriesId(range));
  const firstMember = () =>
    layout.runs.find([...(query.groups ?? [])].find(([, name]) => name === group)?.[0] ?? '') ?? 0;
  return {
    run: nameOf(query.groups ? firstMember() : range.key),
    metric: layout.metrics.nameOf(range.metric),
    ...(query.groups && { group }),
    ...(query.everyAttempt && { attempt: range.attempt }),
    ...(from !== undefined && { from }),
    step: [],
    time: [],
    value: [],
    ...(query.groups && { spread: [] }),
    totalPoints: range.count,
  };
}

/** The points of some of the series, from some x on. */
function narrowed(points: string, query: SeriesQuery, same: readonly Range[], all: number, from: number): string {
  const conditions: string[] = [];
  if (same.length < all) {
    const series = same.map(({ key, metric, attempt }) => `(${key}, ${metric}, ${attempt})`);
    conditions.push(`(key, metric, attempt) IN (${series.join(', ')})`);
  }
  if (Number.isFinite(from)) {
    conditions.push(`${query.x} >= ${num(from)}`);
  }
  return conditions.length === 0 ? points : `SELECT * FROM (${points}) WHERE ${conditions.join(' AND ')}`;
}

/** Hands the points to their series; without `only` the answer has the key of each after its value. */
function fill(columns: Columns, x: 'step' | 'time', found: Map<string, SeriesData>, only: Range | undefined): void {
  const steps = columns.at<number | null>(0);
  const times = columns.at<number>(1);
  const values = columns.at<number>(2);
  const [keys, metrics, attempts] = [3, 4, 5].map((column) => columns.at<number>(column));
  const spreads = columns.at<number>(only ? 3 : 6);
  let series = only && found.get(seriesId(only));
  for (let i = 0; i < columns.count; i++) {
    const isNext =
      i === 0 ||
      keys?.[i] !== keys?.[i - 1] ||
      metrics?.[i] !== metrics?.[i - 1] ||
      attempts?.[i] !== attempts?.[i - 1];
    if (!only && isNext) {
      series = found.get(seriesId({ key: keys?.[i] ?? 0, metric: metrics?.[i] ?? 0, attempt: attempts?.[i] ?? 0 }));
    }
    const at = (x === 'step' ? steps : times)[i] ?? 0;
    if (series && (series.from === undefined || at >= series.from)) {
      series.step.push(steps[i] ?? null);
      series.time.push(times[i] ?? 0);
      series.value.push(values[i] ?? 0);
      series.spread?.push(spreads[i] ?? 0);
    }
  }
}
