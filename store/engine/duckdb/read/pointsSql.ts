import type { RunScope, SeriesQuery } from '../../EngineReads';
import type { Layout } from '../Layout';
import { PEAK_SHIFT } from '../rollUp';
import { num, rangeSql, scopeSql } from './scopeSql';

/** Squares of larger numbers overflow, which DuckDB answers with an error. */
export const SQUARE_LIMIT = '1e150';

/** The groups of a query, in an order that its statements share. */
export const groupNames = (query: SeriesQuery): string[] => [...new Set(query.groups?.values() ?? [])];

/**
 * The position up to which a read may be made of `peaks`, whose lines then stand for the points up to there; undefined
 * where it may not: its buckets are of steps, and of points that never were superseded.
 */
export function rolledUpTo(layout: Layout, query: SeriesQuery): number | undefined {
  const isOfSteps = query.x === 'step' && query.reduce === 'extremes' && query.times === undefined;
  const isJoined = query.groups !== undefined || query.everyAttempt || query.at !== undefined;
  // With room for four points a non-finite one has no place of its own, as it has in `peaks`.
  return isOfSteps && !isJoined && query.maxPoints > 4
    ? layout.rolled.findLast((position) => position <= query.position)
    : undefined;
}

/**
 * SQL of the points asked for, as `key, metric, attempt, step, time, value, seq, points` and with groups `spread`:
 * effective ones, each step once, groups joined. `key` is a run, or the index of a group; `seq` is the order of
 * logging; `points` is how many points a line stands for. With `rolled`, of `peaks` up to that position: lines enough
 * for extremes over buckets as wide as theirs.
 */
export function pointsSql(layout: Layout, query: SeriesQuery, rolled?: number): string {
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
function effectiveSql(layout: Layout, query: SeriesQuery, rolled?: number): string {
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

/** Of each step of an attempt the last point, and of a step that two attempts share the newer one's. */
function ofRowsSql(layout: Layout, { since: _, times, ...query }: SeriesQuery): string {
  const attempt = query.everyAttempt ? 'attempt' : '0';
  const where = [...scopeSql(layout, query), isMetricSql(layout, query.metrics)].join(' AND ');
  const points = `SELECT run AS key, metric, ${attempt} AS attempt, step, arg_max(time, rowid) AS time,
                         arg_max(value, rowid) AS value, max(rowid) AS seq, 1 AS points
                  FROM points WHERE ${where} GROUP BY ALL`;
  const within = rangeSql('time', times);
  return within.length === 0 ? points : `SELECT * FROM (${points}) WHERE ${within.join(' AND ')}`;
}

export const isMetricSql = (layout: Layout, names: readonly string[]) =>
  `metric IN (${names.flatMap((name) => layout.metrics.find(name) ?? []).join(', ') || 'NULL'})`;

function loggedSql(layout: Layout, query: SeriesQuery, rolled?: number): string {
  const isMetric = isMetricSql(layout, query.metrics);
  const { since: _, ...whole } = query;
  const where = (scopes: SeriesQuery['scopes']) => [...scopeSql(layout, { ...whole, scopes }), isMetric].join(' AND ');
  const attempt = query.everyAttempt ? 'attempt' : '0';
  const logged = (condition: string) =>
    `SELECT run AS key, metric, ${attempt} AS attempt, step, time, value, rowid AS seq, 1 AS points
     FROM points WHERE ${condition}`;
  const plain = query.scopes.filter(({ effective }) => !effective);
  const resumed = query.scopes.filter(({ effective }) => effective);
  const parts: string[] = [];
  if (plain.length > 0 && rolled !== undefined) {
    const { inside, outside } = wholeBuckets(query);
    parts.push(
      `SELECT run AS key, metric, 0 AS attempt, step, time, value, position AS seq, points
       FROM peaks WHERE ${[where(plain), `position <= ${rolled}`, ...inside].join(' AND ')}`,
      logged(`${where(plain)} AND (${[`position > ${rolled}`, ...outside].join(' OR ')})`),
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
      ? `SELECT ${columns}, time, value, rowid AS seq, 1 AS points FROM points WHERE ${where}
         QUALIFY step IS NULL OR points.attempt = max(points.attempt) OVER (PARTITION BY run, metric, step)`
      : `SELECT ${columns}, arg_max(time, rowid) AS time, arg_max(value, rowid) AS value, max(rowid) AS seq, 1 AS points
         FROM points WHERE ${where} GROUP BY run, metric, step, CASE WHEN step IS NULL THEN rowid END`;
  const within = rangeSql('time', times);
  return within.length === 0 ? points : `SELECT * FROM (${points}) WHERE ${within.join(' AND ')}`;
}

/** Conditions for the steps whose buckets of `peaks` lie in the range as a whole, and for the other ones of the range. */
function wholeBuckets({ steps }: SeriesQuery): { inside: string[]; outside: string[] } {
  const width = 2 ** PEAK_SHIFT;
  const inside: string[] = [];
  const outside: string[] = [];
  if (steps?.from !== undefined) {
    const first = num(Math.ceil(steps.from / width) * width);
    inside.push(`step >= ${first}`);
    outside.push(`step < ${first}`);
  }
  if (steps?.to !== undefined) {
    const end = num(Math.floor((steps.to + 1) / width) * width);
    inside.push(`step < ${end}`);
    outside.push(`step >= ${end}`);
  }
  return { inside, outside };
}

/** Members of a group joined by step into their mean. */
function groupedSql(layout: Layout, query: SeriesQuery): string {
  const names = groupNames(query);
  const members = [...(query.groups ?? [])].flatMap(([run, group]) => {
    const key = layout.runs.find(run);
    return key === undefined ? [] : [`(${key}, ${names.indexOf(group)})`];
  });
  return `SELECT members.name AS key, metric, attempt, step, max(time) AS time, avg(value) AS value, max(seq) AS seq, 1 AS points,
                 coalesce(stddev_pop(value) FILTER (abs(value) < ${SQUARE_LIMIT}), 0) AS spread
          FROM (${effectiveSql(layout, { ...query, x: 'step' })}) points
          JOIN (VALUES ${members.join(', ') || '(NULL, NULL)'}) AS members(run, name) ON points.key = members.run
          WHERE step IS NOT NULL GROUP BY members.name, metric, attempt, step`;
}
