import type { LatestOfRun, LatestPoint } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Reads } from '../Reads';

/** Numbers of lines of `points` are told from those of derived tables, which stand for earlier ones, by so much. */
export const AFTER_DERIVED = 2 ** 52;

/** One of the newest points of each series up to where they are kept, in the order of arrival, and all points from there on. */
const pointsSql = ({ rolledTo }: Layout) =>
  `(SELECT *, rowid AS arrival FROM newest UNION ALL
    SELECT run, metric, attempt, step, time, value, rowid + ${AFTER_DERIVED} FROM points WHERE position > ${rolledTo})`;

/**
 * The point of each metric of a run that arrived last, and what tells whether it is the newest; as a rule it is. A row a
 * run, since half a million of them take longer to hand over than to find.
 */
const arrivedSql = (points: string) => `
  SELECT run, list(metric::DOUBLE), list(born::DOUBLE), list(attempt::DOUBLE), list(coalesce(step::DOUBLE, 'NaN')),
         list(time::DOUBLE), list(value), list((attempt < highest OR coalesce(step < furthest, furthest IS NOT NULL))::DOUBLE)
  FROM (SELECT run, metric, min(arrival) AS born, max(attempt) AS highest, max(step) AS furthest,
               arg_max(attempt, arrival) AS attempt, arg_max_null(step, arrival) AS step, arg_max(time, arrival) AS time,
               arg_max(value, arrival) AS value
        FROM ${points} GROUP BY run, metric)
  GROUP BY run`;

/** The newest of metrics for which it is not. Numbers are compared several times as fast as these structures. */
const newestSql = (points: string) => `
  WITH asked AS (
    SELECT split_part(line, ' ', 1)::INTEGER AS place, split_part(line, ' ', 2)::INTEGER AS runKey,
           split_part(line, ' ', 3)::INTEGER AS metricKey
    FROM (SELECT unnest(string_split($1::VARCHAR, ',')) AS line)
  )
  SELECT place, run, point.attempt, point.step::DOUBLE, point.time::DOUBLE, point.value FROM (
    SELECT place, run, arg_max({'attempt': attempt, 'step': step, 'time': time, 'value': value},
                          {'attempt': attempt, 'step': coalesce(step, -9007199254740992), 'arrival': arrival}) AS point
    FROM ${points} JOIN asked ON run = runKey AND metric = metricKey GROUP BY place, run)`;

/** The metrics of a run: columns of equal length. A step that is none is NaN. */
interface Lines {
  metric: Float64Array;
  born: Float64Array;
  attempt: Float64Array;
  step: Float64Array;
  time: Float64Array;
  value: Float64Array;
}

const NONE = new Float64Array();

/** Names of metrics stay, so they are looked up when a run's points are asked for, which those of most runs never are. */
export async function readLatestPoints(database: Reads, layout: Layout): Promise<LatestOfRun[]> {
  const byRun = new Map<number, Lines>();
  const late: string[] = [];
  const points = pointsSql(layout);
  await database.lookUpLists(arrivedSql(points), ({ ids: [run = 0], lists }) => {
    // These are copies: what the database holds is gone when the next ones come.
    const [metric = NONE, born = NONE, attempt = NONE, step = NONE, time = NONE, value = NONE, isLate] = lists.map(
      (list) => list.slice(),
    );
    byRun.set(run, { metric, born, attempt, step, time, value });
    isLate?.forEach((is, i) => {
      if (is !== 0) {
        late.push(`${i} ${run} ${metric[i]}`);
      }
    });
  });
  if (late.length > 0) {
    const newest = await database.lookUp(newestSql(points), [late.join(',')]);
    newest.at<number>(0).forEach((i, row) => {
      const lines = byRun.get(newest.at<number>(1)[row] ?? 0);
      if (lines) {
        lines.attempt[i] = newest.at<number>(2)[row] ?? 1;
        lines.step[i] = newest.at<number | null>(3)[row] ?? Number.NaN;
        lines.time[i] = newest.at<number>(4)[row] ?? 0;
        lines.value[i] = newest.at<number>(5)[row] ?? 0;
      }
    });
  }
  return [...byRun].map(([run, lines]) => ({
    run: layout.runs.nameOf(run),
    count: lines.metric.length,
    points: () => pointsOf(layout, lines),
  }));
}

/** Returns the points by the names of their metrics, in the order of first logging. */
function pointsOf(layout: Layout, { metric, born, attempt, step, time, value }: Lines): Map<string, LatestPoint> {
  const inOrder = [...metric.keys()].sort((a, b) => (born[a] ?? 0) - (born[b] ?? 0));
  return new Map(
    inOrder.map((i) => [
      layout.metrics.nameOf(metric[i] ?? 0),
      {
        attempt: attempt[i] ?? 1,
        step: Number.isNaN(step[i]) ? null : (step[i] ?? null),
        time: time[i] ?? 0,
        value: value[i] ?? 0,
      },
    ]),
  );
}
