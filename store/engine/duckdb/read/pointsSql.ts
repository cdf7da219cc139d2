import type { StepRange, TimeRange } from '@rolloscope/contract/types';
import type { RunScope, SeriesQuery } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Reads } from '../Reads';
import { PEAK_SHIFT } from '../rollUpSql';
import { AFTER_DERIVED } from './latestPoints';
import { num, rangeSql, scopeSql } from './scopeSql';

/** Squares of larger numbers overflow, which DuckDB answers with an error. */
export const SQUARE_LIMIT = '1e150';

/** The groups of a query, in an order that its statements share. */
export const groupNames = (query: SeriesQuery): string[] => [...new Set(query.groups?.values() ?? [])];

/** The kept extremes that a part of a read may be made of. */
export interface Rolled {
  /** Their lines stand for the points up to this position. */
  to: number;
  /** Their buckets are `2 ** shift` wide at the most. */
  shift: number;
}

/**
 * Finds kept extremes for a read; undefined for one that is made of points alone: of other things, or superseded ones.
 */
export async function findRolled(database: Reads, layout: Layout, query: SeriesQuery): Promise<Rolled | undefined> {
  const { x, steps = {}, times = {} } = query;
  const others = x === 'step' ? times : steps;
  const isBounded = others.from !== undefined || others.to !== undefined;
  const isJoined = query.groups !== undefined || query.everyAttempt || query.at !== undefined;
  const to = layout.rolled.findLast((position) => position <= query.position);
  // With room for four points a non-finite one has no place of its own, as it has in what is kept.
  if (to === undefined || query.reduce !== 'extremes' || isBounded || isJoined || query.maxPoints <= 4) {
    return undefined;
  }
  // How wide buckets are matters to where a range may be cut.
  if (x === 'step' || (times.from === undefined && times.to === undefined)) {
    return { to, shift: PEAK_SHIFT };
  }
  const { since: _, times: __, ...whole } = query;
  const where = [...scopeSql(layout, { ...whole, position: to }), isMetricSql(layout, query.metrics)].join(' AND ');
  const found = await database.read(`SELECT coalesce(max(shift), 0)::DOUBLE FROM time_peaks WHERE ${where}`);
  return { to, shift: found.at<number>(0)[0] ?? 0 };
}

/**
 * SQL of the points asked for, as `key, metric, attempt, step, time, value, seq, points, shift` and with groups `spread`:
 * effective ones, each step once, groups joined. `key` is a run, or the index of a group; `seq` is the order of
 * logging; `points` is how many points a line stands for. With `rolled`, of extremes that are kept: lines enough for extremes
 * over buckets as wide as theirs, `2 ** shift`.
 */
export function pointsSql(layout: Layout, query: SeriesQuery, rolled?: Rolled): string {
  const points = query.groups ? groupedSql(layout, query) : effectiveSql(layout, query, rolled);
  if (query.at === undefined) {
    return points;
  }
  const { at, ...rest } = query;
  const other = pointsSql(layout, { ...rest, metrics: [at] });
  return `SELECT wanted.* FROM (${points}) wanted SEMI JOIN (${other}) other
          ON wanted.key = other.key AND wanted.attempt = other.attempt AND wanted.step = other.step`;
}

/** Metrics of rows are read by themselves: what they cost others do not. */
function effectiveSql(layout: Layout, query: SeriesQuery, rolled?: Rolled): string {
  const ofRows = rowMetricsOf(query.scopes);
  const metrics = query.metrics.filter((name) => ofRows.has(name));
  if (metrics.length === 0) {
    return loggedSql(layout, query, rolled);
  }
  const logged = query.metrics.filter((name) => !ofRows.has(name));
  return [
    ...(logged.length > 0 ? [loggedSql(layout, { ...query, metrics: logged }, rolled)] : []),
    ofRowsSql(layout, { ...query, metrics }),
  ].join(' UNION ALL ');
}

/** Names of metrics that some of the runs have made of their rows. */
export const rowMetricsOf = (scopes: readonly RunScope[]): ReadonlySet<string> =>
  new Set(scopes.flatMap(({ rowMetrics }) => rowMetrics ?? []));

/** Makes SQL of the last point of each step of an attempt; of a step that two attempts share it is the newer one's. */
function ofRowsSql(layout: Layout, { since: _, times, ...query }: SeriesQuery): string {
  const attempt = query.everyAttempt ? 'attempt' : '0';
  const where = [...scopeSql(layout, query), isMetricSql(layout, query.metrics)].join(' AND ');
  const points = `SELECT run AS key, metric, ${attempt} AS attempt, step, arg_max(time, rowid) AS time,
                         arg_max(value, rowid) AS value, max(rowid) AS seq, 1 AS points, 0 AS shift
                  FROM points WHERE ${where} GROUP BY ALL`;
  const within = rangeSql('time', times);
  return within.length === 0 ? points : `SELECT * FROM (${points}) WHERE ${within.join(' AND ')}`;
}

export const isMetricSql = (layout: Layout, names: readonly string[]) =>
  `metric IN (${names.flatMap((name) => layout.metrics.find(name) ?? []).join(', ') || 'NULL'})`;

function loggedSql(layout: Layout, query: SeriesQuery, rolled?: Rolled): string {
  const isMetric = isMetricSql(layout, query.metrics);
  const { since: _, ...whole } = query;
  const where = (scopes: SeriesQuery['scopes']) => [...scopeSql(layout, { ...whole, scopes }), isMetric].join(' AND ');
  const attempt = query.everyAttempt ? 'attempt' : '0';
  const logged = (condition: string) =>
    `SELECT run AS key, metric, ${attempt} AS attempt, step, time, value, rowid + ${AFTER_DERIVED} AS seq, 1 AS points, 0 AS shift
     FROM points WHERE ${condition}`;
  const plain = query.scopes.filter(({ effective }) => !effective);
  const resumed = query.scopes.filter(({ effective }) => effective);
  const parts: string[] = [];
  if (plain.length > 0 && rolled !== undefined) {
    const { x, steps, times } = query;
    const { inside, outside } = wholeBuckets(x, (x === 'step' ? steps : times) ?? {}, rolled.shift);
    const [table, shift] = x === 'step' ? ['peaks', PEAK_SHIFT] : ['time_peaks', 'shift'];
    parts.push(
      `SELECT run AS key, metric, 0 AS attempt, step, time, value, rowid AS seq, points, ${shift} AS shift
       FROM ${table} WHERE ${[where(plain), `position <= ${rolled.to}`, ...inside].join(' AND ')}`,
      logged(`${where(plain)} AND position > ${rolled.to}`),
      // Parts of their own: of alternatives the database would read every line.
      ...outside.map((edge) => logged(`${where(plain)} AND position <= ${rolled.to} AND ${edge}`)),
    );
  } else if (plain.length > 0) {
    parts.push(logged(where(plain)));
  }
  if (resumed.length > 0) {
    parts.push(resumedSql(layout, { ...whole, scopes: resumed }, isMetric));
  }
  return parts.join(' UNION ALL ') || logged('false');
}

/**
 * Points of runs that went back or logged a step twice. By step the last point of a step counts. By time all that an
 * attempt logged does, since metrics without steps are often logged at step 0, all of them; of a step that two attempts
 * share it is the newer one's. Times are looked at last, or what was superseded would show where its successor does not.
 */
function resumedSql(layout: Layout, query: SeriesQuery, isMetric: string): string {
  const { times, ...whole } = query;
  const where = [...scopeSql(layout, whole), isMetric].join(' AND ');
  const columns = 'run AS key, metric, 0 AS attempt, step';
  const points =
    query.x === 'time'
      ? `SELECT ${columns}, time, value, rowid AS seq, 1 AS points, 0 AS shift FROM points WHERE ${where}
         QUALIFY step IS NULL OR points.attempt = max(points.attempt) OVER (PARTITION BY run, metric, step)`
      : `SELECT ${columns}, arg_max(time, rowid) AS time, arg_max(value, rowid) AS value, max(rowid) AS seq, 1 AS points, 0 AS shift
         FROM points WHERE ${where} GROUP BY run, metric, step, CASE WHEN step IS NULL THEN rowid END`;
  const within = rangeSql('time', times);
  return within.length === 0 ? points : `SELECT * FROM (${points}) WHERE ${within.join(' AND ')}`;
}

/** Conditions for what lies in buckets that are in the range as a whole, and for what is before and behind them. */
function wholeBuckets(x: 'step' | 'time', { from, to }: StepRange | TimeRange, shift: number) {
  const width = 2 ** shift;
  const first = from === undefined ? Number.NEGATIVE_INFINITY : Math.ceil(from / width) * width;
  const end = to === undefined ? Number.POSITIVE_INFINITY : Math.max(first, Math.floor((to + 1) / width) * width);
  const before = Number.isFinite(first);
  const behind = Number.isFinite(end);
  return {
    inside: [...(before ? [`${x} >= ${num(first)}`] : []), ...(behind ? [`${x} < ${num(end)}`] : [])],
    outside: [...(before ? [`${x} < ${num(first)}`] : []), ...(behind ? [`${x} >= ${num(end)}`] : [])],
  };
}

/** Members of a group joined by step into their mean. */
function groupedSql(layout: Layout, query: SeriesQuery): string {
  const names = groupNames(query);
  const members = [...(query.groups ?? [])].flatMap(([run, group]) => {
    const key = layout.runs.find(run);
    return key === undefined ? [] : [`(${key}, ${names.indexOf(group)})`];
  });
  return `SELECT members.name AS key, metric, attempt, step, max(time) AS time, avg(value) AS value, max(seq) AS seq, 1 AS points, 0 AS shift,
                 coalesce(stddev_pop(value) FILTER (abs(value) < ${SQUARE_LIMIT}), 0) AS spread
          FROM (${effectiveSql(layout, { ...query, x: 'step' })}) points
          JOIN (VALUES ${members.join(', ') || '(NULL, NULL)'}) AS members(run, name) ON points.key = members.run
          WHERE step IS NOT NULL GROUP BY members.name, metric, attempt, step`;
}
