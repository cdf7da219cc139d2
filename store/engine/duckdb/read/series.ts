import { grouped } from '../../../grouped';
import type { SeriesData, SeriesQuery, SeriesResult } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Columns } from '../query';
import type { Reads } from '../Reads';
import { changedSeries } from './changedSeries';
import { keepExtremes, readPoints } from './onePass';
import { findRolled, groupNames, pointsSql } from './pointsSql';
import { onlySeries, type Range, rangeOf, readRanges, seriesId } from './ranges';
import { reduceSql } from './reduceSql';
import { runNames } from './runNames';
import { num } from './scopeSql';

/** `known` tells of questions that were asked before how many points they are about. */
export async function readSeries(
  database: Reads,
  layout: Layout,
  query: SeriesQuery,
  known = layout.counts,
): Promise<SeriesResult> {
  const isFew = (known.of(query) ?? Number.POSITIVE_INFINITY) <= MOST_OF_SHORT;
  const rolled = isFew && query.x === 'time' ? undefined : await findRolled(database, layout, query);
  const isShort = isFew && rolled === undefined && query.since === undefined && query.reduce === 'extremes';
  if (isShort && query.maxPoints > 4) {
    const whole = await readShort(database, layout, query);
    known.note(query, whole.series);
    return whole;
  }
  const points = pointsSql(layout, query);
  const peaks = rolled === undefined ? points : pointsSql(layout, query, rolled);
  const ranges = await readRanges(database, query, peaks, onlySeries(layout, query), rolled !== undefined);
  const changed = query.since === undefined ? undefined : await changedSeries(database, layout, query, ranges);
  if (changed === 'reset') {
    return { series: [], reset: true };
  }
  const wanted = changed ? ranges.filter((range) => changed.has(seriesId(range))) : ranges;
  const nameOf = runNames(layout, query.scopes);
  const found = new Map(wanted.map((range) => [seriesId(range), emptySeries(layout, query, range, changed, nameOf)]));

  // One statement for all series that are read alike: widths are powers of two, so there are few.
  for (const same of grouped(wanted, (range) => wayOf(query, range, rolled !== undefined)).values()) {
    const [first] = same;
    if (first) {
      const starts = same.map((range) => changed?.get(seriesId(range)) ?? Number.NEGATIVE_INFINITY);
      const sql = narrowed(isWide(first) ? peaks : points, query, same, ranges.length, Math.min(...starts));
      const read = inOnePass(query, same, rolled !== undefined) ? readInOnePass : readReduced;
      await read(database, query, sql, same, found);
    }
  }
  const series = [...found.values()];
  if (query.since === undefined) {
    known.note(query, series);
  }
  return { series, reset: false };
}

/** Buckets are as wide as those whose extremes are kept, at least. */
const isWide = ({ bucketing, kept }: Range) => bucketing.shift !== null && bucketing.shift >= kept;

/** Lines of one pass: more are joined with themselves by the database, which takes several cores for it. */
const MOST_OF_PASS = 1_000_000;
/** Points that are read at once, uncounted: by the next time they are asked for they may be more, but hardly many times so. */
const MOST_OF_SHORT = MOST_OF_PASS / 4;
/** A line of `peaks` stands for so many points, about. */
const POINTS_OF_PEAK = 50;

function wayOf(query: SeriesQuery, range: Range, isRolled: boolean): string {
  const { shift, nonFinite } = range.bucketing;
  return inOnePass(query, [range], isRolled) ? `one pass ${isWide(range)}` : `${shift} ${nonFinite}`;
}

/** Extremes of points that are not too many. With room for four points alone one that is not finite has no place. */
function inOnePass(query: SeriesQuery, ranges: readonly Range[], isRolled: boolean): boolean {
  const lines = ranges.reduce((sum, range) => sum + range.count / (isRolled && isWide(range) ? POINTS_OF_PEAK : 1), 0);
  const isReduced = ranges.every(({ bucketing }) => bucketing.shift !== null);
  return query.reduce === 'extremes' && query.maxPoints > 4 && isReduced && lines <= MOST_OF_PASS;
}

/** Reads every point once, and keeps what stands out: a third of the time that it takes to join points with extremes. */
async function readInOnePass(
  database: Reads,
  query: SeriesQuery,
  sql: string,
  same: readonly Range[],
  found: Map<string, SeriesData>,
): Promise<void> {
  const ranges = new Map(same.map((range) => [seriesId(range), range]));
  const [first] = same;
  const isSame = (key: 'key' | 'metric' | 'attempt') => same.every((one) => one[key] === first?.[key]);
  const shared = {
    ...(first && isSame('key') && { key: first.key }),
    ...(first && isSame('metric') && { metric: first.metric }),
    ...(first && isSame('attempt') && { attempt: first.attempt }),
  };
  await readPoints(database, query, sql, shared, (points) => {
    const id = seriesId(points);
    const [range, series] = [ranges.get(id), found.get(id)];
    if (range && series) {
      keepExtremes(series, query.x, points, range.bucketing.shift);
    }
  });
}

/**
 * Reads all points at once, and finds in them what else would be asked for first: how many there are, and from where to
 * where. For series that are known to be short: all of their points are in memory at a time.
 */
async function readShort(database: Reads, layout: Layout, query: SeriesQuery): Promise<SeriesResult> {
  const series: SeriesData[] = [];
  const nameOf = runNames(layout, query.scopes);
  const shared = {
    ...(query.metrics.length === 1 && { metric: layout.metrics.find(query.metrics[0] ?? '') ?? 0 }),
    ...(!query.everyAttempt && { attempt: 0 }),
  };
  await readPoints(database, query, pointsSql(layout, query), shared, (points) => {
    const { key, metric, attempt } = points;
    const range = { key, metric, attempt, kept: 0, ...rangeOf(query, points[query.x], points.value) };
    const one = emptySeries(layout, query, range, undefined, nameOf);
    keepExtremes(one, query.x, points, range.bucketing.shift);
    series.push(one);
  });
  return { series, reset: false };
}

/** Lets the database reduce them. */
async function readReduced(
  database: Reads,
  query: SeriesQuery,
  sql: string,
  same: readonly Range[],
  found: Map<string, SeriesData>,
): Promise<void> {
  const keys = same.length === 1 ? [] : ['key', 'metric', 'attempt'];
  const [first] = same;
  const columns = await database.read(
    `SELECT step::DOUBLE, time::DOUBLE, value, ${query.groups ? 'spread' : '0'}${keys.map((key) => `, ${key}`).join('')}
     FROM (${reduceSql(query, sql, keys, first?.bucketing ?? { shift: null, nonFinite: false })})
     ORDER BY ${[...keys, query.x, 'seq'].join(', ')}`,
  );
  const steps = columns.at<number | null>(0);
  const [times, values, spreads] = [1, 2, 3].map((column) => columns.at<number>(column));
  const idAt = seriesAt(columns, 4, keys.length === 0 ? first : undefined);
  let series = columns.count > 0 ? found.get(idAt(0)) : undefined;
  for (let i = 0; i < columns.count; i++) {
    series = i > 0 && idAt.isNext(i) ? found.get(idAt(i)) : series;
    push(series, query.x, steps[i] ?? null, times?.[i] ?? 0, values?.[i] ?? 0, spreads?.[i] ?? 0);
  }
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

/** Tells which series a line is of, by the columns from `first` on; where there are none all lines are of `only`. */
function seriesAt(columns: Columns, first: number, only: Range | undefined) {
  const [keys, metrics, attempts] = [0, 1, 2].map((n) => columns.at<number>(first + n));
  const idAt = (i: number) =>
    seriesId(only ?? { key: keys?.[i] ?? 0, metric: metrics?.[i] ?? 0, attempt: attempts?.[i] ?? 0 });
  const isNext = (i: number) =>
    !only && (keys?.[i] !== keys?.[i - 1] || metrics?.[i] !== metrics?.[i - 1] || attempts?.[i] !== attempts?.[i - 1]);
  return Object.assign(idAt, { isNext });
}

function push(
  series: SeriesData | undefined,
  x: 'step' | 'time',
  step: number | null,
  time: number,
  value: number,
  spread: number,
): void {
  if (series && (series.from === undefined || ((x === 'step' ? step : time) ?? 0) >= series.from)) {
    series.step.push(step);
    series.time.push(time);
    series.value.push(value);
    series.spread?.push(spread);
  }
}
