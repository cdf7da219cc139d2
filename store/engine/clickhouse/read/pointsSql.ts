import type { RunScope, SeriesQuery } from '../../EngineReads';
import type { SeriesView } from './SeriesView';
import { rangeSql, scopeSql } from './scopeSql';
import { deviationSql } from './statistics';

/** The groups of a query, in an order that its statements share. */
export const groupNames = (query: SeriesQuery): string[] => [...new Set(query.groups?.values() ?? [])];

/**
 * SQL of the points asked for, as `key, metric, attempt, step, time, value, seq` and with groups `spread`: effective ones,
 * each step once, groups joined. `key` is a run, or the index of a group; `seq` is the order of logging.
 */
export function pointsSql(view: SeriesView, query: SeriesQuery): string {
  const points = query.groups ? groupedSql(view, query) : effectiveSql(view, query);
  if (query.at === undefined) {
    return points;
  }
  const { at, ...rest } = query;
  const other = pointsSql(view, { ...rest, metrics: [at] });
  return `SELECT * FROM (${points}) AS wanted
          WHERE (key, attempt, step) IN (SELECT key, attempt, step FROM (${other}) AS other WHERE step IS NOT NULL)`;
}

/** Metrics of rows are read by themselves: what they cost others do not. */
function effectiveSql(view: SeriesView, query: SeriesQuery): string {
  const ofRows = rowMetricsOf(query.scopes);
  const metrics = query.metrics.filter((name) => ofRows.has(name));
  if (metrics.length === 0) {
    return loggedSql(view, query);
  }
  const logged = query.metrics.filter((name) => !ofRows.has(name));
  return [
    ...(logged.length > 0 ? [loggedSql(view, { ...query, metrics: logged })] : []),
    ofRowsSql(view, { ...query, metrics }),
  ]
    .map((part) => `SELECT * FROM (${part})`)
    .join(' UNION ALL ');
}

/** Names of metrics that some of the runs have made of their rows. */
export const rowMetricsOf = (scopes: readonly RunScope[]): ReadonlySet<string> =>
  new Set(scopes.flatMap(({ rowMetrics }) => rowMetrics ?? []));

/** Makes SQL of the last point of each step of an attempt; of a step that two attempts share it is the newer one's. */
function ofRowsSql(view: SeriesView, { since: _, times, ...query }: SeriesQuery): string {
  const where = [...scopeSql(view, query), isMetricSql(view, query.metrics)].join(' AND ');
  const points = `SELECT run AS key, metric, ${query.everyAttempt ? 'attempt' : 'toUInt32(0) AS attempt'}, step,
                         argMax(time, seq) AS time, argMax(value, seq) AS value, max(seq) AS seq
                  FROM points WHERE ${where} GROUP BY run, metric, step${query.everyAttempt ? ', attempt' : ''}`;
  const within = rangeSql('time', times);
  return within.length === 0 ? points : `SELECT * FROM (${points}) WHERE ${within.join(' AND ')}`;
}

export function isMetricSql(view: SeriesView, names: readonly string[]): string {
  const metrics = names.flatMap((name) => view.metrics.get(name) ?? []);
  return metrics.length === 0 ? 'false' : `metric IN (${metrics.join(', ')})`;
}

function loggedSql(view: SeriesView, query: SeriesQuery): string {
  const isMetric = isMetricSql(view, query.metrics);
  const { since: _, ...whole } = query;
  const attempt = query.everyAttempt ? 'attempt' : 'toUInt32(0)';
  const logged = (condition: string) =>
    `SELECT run AS key, metric, ${attempt} AS attempt, step, time, value, seq FROM points WHERE ${condition}`;
  const plain = query.scopes.filter(({ effective }) => !effective);
  const resumed = query.scopes.filter(({ effective }) => effective);
  const parts: string[] = [];
  if (plain.length > 0) {
    parts.push(logged([...scopeSql(view, { ...whole, scopes: plain }), isMetric].join(' AND ')));
  }
  if (resumed.length > 0) {
    parts.push(resumedSql(view, { ...whole, scopes: resumed }, isMetric));
  }
  return parts.map((part) => `SELECT * FROM (${part})`).join(' UNION ALL ') || logged('false');
}

/**
 * Points of runs that went back or logged a step twice. By step the last point of a step counts. By time all that an
 * attempt logged does, since metrics without steps are often logged at step 0, all of them; of a step that two attempts
 * share it is the newer one's. Times are looked at last, or what was superseded would show where its successor does not.
 */
function resumedSql(view: SeriesView, query: SeriesQuery, isMetric: string): string {
  const { times, ...whole } = query;
  const where = [...scopeSql(view, whole), isMetric].join(' AND ');
  const columns = 'run AS key, metric, toUInt32(0) AS attempt, step';
  const points =
    query.x === 'time'
      ? `SELECT ${columns}, time, value, seq FROM
           (SELECT *, max(attempt) OVER (PARTITION BY run, metric, step) AS newest FROM points WHERE ${where}) AS logged
         WHERE step IS NULL OR logged.attempt = newest`
      : `SELECT ${columns}, argMax(time, seq) AS time, argMax(value, seq) AS value, max(seq) AS seq
         FROM points WHERE ${where} GROUP BY run, metric, step, if(step IS NULL, seq, 0)`;
  const within = rangeSql('time', times);
  return within.length === 0 ? points : `SELECT * FROM (${points}) WHERE ${within.join(' AND ')}`;
}

/** Members of a group joined by step into their mean. */
function groupedSql(view: SeriesView, query: SeriesQuery): string {
  const names = groupNames(query);
  const members = [...(query.groups ?? [])].flatMap(([run, group]) => {
    const key = view.runs.get(run);
    return key === undefined ? [] : [[key, names.indexOf(group)] as const];
  });
  const keys = members.map(([key]) => key);
  const group =
    members.length === 0 ? '-1' : `transform(toInt64(key), [${keys}], [${members.map(([, name]) => name)}], -1)`;
  return `SELECT groupIndex AS key, metric, attempt, step, max(time) AS time, avg(value) AS value, max(seq) AS seq,
                 ifNull(${deviationSql('value')}, 0) AS spread
          FROM (SELECT *, toInt64(${group}) AS groupIndex FROM (${effectiveSql(view, { ...query, x: 'step' })})) AS grouped
          WHERE step IS NOT NULL AND groupIndex >= 0 GROUP BY groupIndex, metric, attempt, step`;
}
