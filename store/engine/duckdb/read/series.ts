import type { SeriesData, SeriesQuery, SeriesResult } from '../../EngineReads';
import type { Columns, Database } from '../Database';
import type { Layout } from '../Layout';
import { bucketWidth } from './bucketWidth';
import { scopeSql } from './scopeSql';

/** Columns of a point as the reductions see it: `key` is a run, or a group of runs. */
const POINT = 'key, metric, attempt, step, time, value, spread';

/** SQL of the points asked for: effective ones, each step once, groups joined. */
function pointsSql(layout: Layout, query: SeriesQuery, current: number): string {
  const metrics = query.metrics.flatMap((name) => layout.metrics.find(name) ?? []);
  const named = `metric IN (${metrics.join(', ') || 'NULL'})`;
  const select = (scopes: SeriesQuery['scopes']) => {
    const { since, ...rest } = query;
    return [...scopeSql(layout, { ...rest, scopes }, current), named].join(' AND ');
  };
  const attempt = query.everyAttempt ? 'attempt' : '0 AS attempt';
  const plain = query.scopes.filter(({ spans }) => !spans);
  const resumed = query.scopes.filter(({ spans }) => spans);
  const parts = [
    plain.length > 0 && `SELECT run, metric, ${attempt}, step, time, value FROM points WHERE ${select(plain)}`,
    resumed.length > 0 &&
      `SELECT run, metric, ${query.everyAttempt ? 'attempt' : '0'} AS attempt, step,
              arg_max(time, rowid) AS time, arg_max(value, rowid) AS value
       FROM points WHERE ${select(resumed)} AND step IS NOT NULL GROUP BY ALL`,
    resumed.length > 0 &&
      `SELECT run, metric, ${attempt}, step, time, value FROM points WHERE ${select(resumed)} AND step IS NULL`,
  ].filter(Boolean);
  const points = parts.join(' UNION ALL ') || 'SELECT NULL WHERE false';
  if (!query.groups) {
    return `SELECT run AS key, metric, attempt, step, time, value, NULL::DOUBLE AS spread FROM (${points})`;
  }
  const groupNames = [...new Set(query.groups.values())];
  const members = [...query.groups].flatMap(([run, group]) => {
    const key = layout.runs.find(run);
    return key === undefined ? [] : [`(${key}, ${groupNames.indexOf(group)})`];
  });
  return `SELECT g.key, metric, attempt, step, max(time) AS time, avg(value) AS value, stddev_pop(value) AS spread
          FROM (${points}) JOIN (VALUES ${members.join(', ')}) AS g(run, key) USING (run)
          WHERE step IS NOT NULL GROUP BY ALL`;
}

interface Range {
  key: number;
  metric: number;
  attempt: number;
  count: number;
  min: number;
  max: number;
  nonFinite: number;
}

function ranges(columns: Columns): Range[] {
  return columns.at<number>(0).map((key, i) => ({
    key,
    metric: columns.at<number>(1)[i] ?? 0,
    attempt: columns.at<number>(2)[i] ?? 0,
    count: columns.at<number>(3)[i] ?? 0,
    min: columns.at<number>(4)[i] ?? 0,
    max: columns.at<number>(5)[i] ?? 0,
    nonFinite: columns.at<number>(6)[i] ?? 0,
  }));
}

const idOf = (one: { key: number; metric: number; attempt: number }) => `${one.key},${one.metric},${one.attempt}`;

const rangeSql = (points: string, x: string) =>
  `SELECT key, metric, attempt, count(*)::DOUBLE, min(${x})::DOUBLE, max(${x})::DOUBLE,
          (count(*) FILTER (NOT isfinite(value)))::DOUBLE
   FROM (${points}) WHERE ${x} IS NOT NULL GROUP BY key, metric, attempt`;

/** First, lowest, highest and last point of each bucket, and its first non-finite one, as structs of a point. */
function extremesSql(points: string, x: string, width: number, nonFinite: boolean): string {
  const point = "{'step': step, 'time': time, 'value': value, 'spread': spread}";
  const finite = nonFinite ? ' FILTER (isfinite(value))' : '';
  const picks = [
    `arg_min(${point}, ${x})`,
    `arg_min(${point}, value)${finite}`,
    `arg_max(${point}, value)${finite}`,
    `arg_max(${point}, ${x})`,
    ...(nonFinite ? [`arg_min(${point}, ${x}) FILTER (NOT isfinite(value))`] : []),
  ];
  return `SELECT key, metric, attempt, unnest(list_distinct([${picks.join(', ')}])) AS p FROM (${points})
          WHERE ${x} IS NOT NULL GROUP BY key, metric, attempt, ${x} // ${width}`;
}

function reducedSql(query: SeriesQuery, points: string, width: number, nonFinite: boolean): string {
  const x = query.x;
  if (width === 0) {
    return `SELECT ${POINT} FROM (${points}) WHERE ${x} IS NOT NULL`;
  }
  if (query.reduce === 'extremes') {
    const buckets = extremesSql(points, x, width, nonFinite);
    return `SELECT key, metric, attempt, p.step, p.time, p.value, p.spread FROM (${buckets}) WHERE p IS NOT NULL`;
  }
  const value = query.reduce === 'mean' ? 'avg(value)' : `arg_max(value, ${x})`;
  return `SELECT key, metric, attempt, arg_max(step, ${x}) AS step, arg_max(time, ${x}) AS time, ${value} AS value,
                 arg_max(spread, ${x}) AS spread
          FROM (${points}) WHERE ${x} IS NOT NULL GROUP BY key, metric, attempt, ${x} // ${width}`;
}

export async function readSeries(
  database: Database,
  layout: Layout,
  query: SeriesQuery,
  current: number,
): Promise<SeriesResult> {
  const points = pointsSql(layout, query, current);
  const all = ranges(await database.read(rangeSql(points, query.x)));
  const widths = new Map(all.map((range) => [idOf(range), bucketWidth(query.reduce, range, query.maxPoints)]));
  const wanted = query.since === undefined ? new Map(all.map((range) => [idOf(range), undefined])) : undefined;
  const fresh = wanted ?? (await changedFrom(database, layout, query, current, widths));
  if (fresh === 'reset') {
    return { series: [], reset: true };
  }

  const groupNames = [...new Set(query.groups?.values() ?? [])];
  const found = new Map<string, SeriesData>();
  for (const range of all) {
    if (fresh.has(idOf(range))) {
      const from = fresh.get(idOf(range));
      found.set(idOf(range), {
        run: query.groups ? firstMember(query.groups, groupNames[range.key]) : layout.runs.nameOf(range.key),
        metric: layout.metrics.nameOf(range.metric),
        ...(query.groups && { group: groupNames[range.key] ?? '' }),
        ...(query.everyAttempt && { attempt: range.attempt }),
        ...(from !== undefined && { from }),
        step: [],
        time: [],
        value: [],
        ...(query.groups && { spread: [] }),
        totalPoints: range.count,
      });
    }
  }
  // One statement for all series that share a bucket width: widths are powers of two, so there are few.
  for (const width of new Set([...found.keys()].map((id) => widths.get(id) ?? 0))) {
    const same = all.filter((range) => found.has(idOf(range)) && widths.get(idOf(range)) === width);
    const nonFinite = same.some((range) => range.nonFinite > 0);
    const starts = same.map((range) => fresh.get(idOf(range)));
    const from = starts.some((start) => start === undefined)
      ? undefined
      : Math.min(...starts.map((start) => start ?? 0));
    const series = same.map(({ key, metric, attempt }) => `(${key}, ${metric}, ${attempt})`);
    const narrowed =
      same.length === all.length && from === undefined
        ? points
        : `SELECT * FROM (${points}) WHERE (key, metric, attempt) IN (${series.join(', ')})
           ${from === undefined ? '' : `AND ${query.x} >= ${from}`}`;
    fill(
      found,
      fresh,
      await database.read(`
      SELECT key, metric, attempt, step::DOUBLE, time::DOUBLE, value, spread
      FROM (${reducedSql(query, narrowed, width, nonFinite)})
      ORDER BY key, metric, attempt, ${query.x}, time`),
      query.x,
    );
  }
  return { series: [...found.values()], reset: false };
}

function fill(
  found: Map<string, SeriesData>,
  fresh: Map<string, number | undefined>,
  columns: Columns,
  x: 'step' | 'time',
): void {
  const [keys, metrics, attempts] = [0, 1, 2].map((i) => columns.at<number>(i));
  const [steps, times, numbers, spreads] = [3, 4, 5, 6].map((i) => columns.at<number>(i));
  const xs = x === 'step' ? steps : times;
  for (let i = 0; i < columns.count; i++) {
    const id = `${keys?.[i]},${metrics?.[i]},${attempts?.[i]}`;
    const series = found.get(id);
    const from = fresh.get(id);
    if (series && (from === undefined || (xs?.[i] ?? 0) >= from)) {
      series.step.push(steps?.[i] ?? null);
      series.time.push(times?.[i] ?? 0);
      series.value.push(numbers?.[i] ?? 0);
      series.spread?.push(spreads?.[i] ?? 0);
    }
  }
}

/** By series that got points after `since`: the x from which it must be sent again; undefined for all of it. */
async function changedFrom(
  database: Database,
  layout: Layout,
  query: SeriesQuery,
  current: number,
  widths: Map<string, number>,
): Promise<Map<string, number | undefined> | 'reset'> {
  const since = query.since ?? 0;
  const before = pointsSql(layout, { ...query, position: since }, current);
  const then = new Map(ranges(await database.read(rangeSql(before, query.x))).map((range) => [idOf(range), range]));
  const { runs, metrics } = layout;
  const keys = query.scopes.flatMap(({ run }) => runs.find(run) ?? []);
  const names = query.metrics.flatMap((name) => metrics.find(name) ?? []);
  const groupNames = [...new Set(query.groups?.values() ?? [])];
  const changed = await database.read(
    `SELECT run, metric, ${query.everyAttempt ? 'attempt' : '0'} AS attempt, min(${query.x})::DOUBLE FROM points
     WHERE run IN (${keys.join(', ') || 'NULL'}) AND metric IN (${names.join(', ') || 'NULL'})
       AND position > ${since} AND position <= ${query.position} AND ${query.x} IS NOT NULL GROUP BY ALL`,
  );
  const fresh = new Map<string, number | undefined>();
  for (let i = 0; i < changed.count; i++) {
    const run = changed.at<number>(0)[i] ?? 0;
    const group = query.groups?.get(runs.nameOf(run));
    const key = query.groups ? groupNames.indexOf(group ?? '') : run;
    const id = `${key},${changed.at<number>(1)[i]},${changed.at<number>(2)[i]}`;
    const width = widths.get(id) ?? 0;
    const old = then.get(id);
    if (old && bucketWidth(query.reduce, old, query.maxPoints) !== width) {
      return 'reset';
    }
    const first = changed.at<number>(3)[i] ?? 0;
    const from = width === 0 ? first : Math.floor(first / width) * width;
    const known = fresh.get(id);
    fresh.set(id, known === undefined ? from : Math.min(known, from));
  }
  return fresh;
}

function firstMember(groups: Map<string, string>, name: string | undefined): string {
  return [...groups].find(([, group]) => group === name)?.[0] ?? '';
}
