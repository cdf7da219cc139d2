import { reduceSql } from './read/reduceSql';

/** Buckets of `peaks` are `2 ** PEAK_SHIFT` steps wide: a read whose buckets are as wide or wider may be made of them. */
export const PEAK_SHIFT = 8;

/** Points of a bucket of `time_peaks`, about. */
export const PEAK_POINTS = 256;

/**
 * By time nobody knows how far apart points are. Those of a series in a go get buckets that hold so many of them if they are
 * spread evenly, a power of two of milliseconds wide; each line says how wide.
 */
const widthsSql = (points: number) => `
  SELECT run, metric, ceil(log2(greatest(1, ${points} * (max(time) - min(time))::DOUBLE / count(*))))::INTEGER AS shift
  FROM fresh GROUP BY run, metric`;

/** Fills `peaks` or `time_peaks`. `fresh`: SQL of lines of `points`, with `seq`, the order of logging. */
export function peaksSql(x: 'step' | 'time', fresh: string, perBucket = PEAK_POINTS): string {
  const keys = ['run', 'metric', 'attempt', 'shift'];
  const points =
    x === 'step'
      ? `SELECT *, ${PEAK_SHIFT} AS shift FROM fresh WHERE step IS NOT NULL`
      : `SELECT * FROM fresh JOIN (${widthsSql(perBucket)}) widths USING (run, metric)`;
  const bucket = `${x} >> shift`;
  const bucketing = { shift: PEAK_SHIFT, nonFinite: true };
  const extremes = reduceSql({ x, reduce: 'extremes' }, 'SELECT * FROM wide', keys, bucketing, bucket);
  const all = keys.join(', ');
  // Lines come in the order of logging, so that the number of a line tells which of two points with the same time came
  // first.
  return `
    INSERT INTO ${x === 'step' ? 'peaks' : 'time_peaks'}
    WITH fresh AS (${fresh}), wide AS (${points})
    SELECT run, metric, attempt, step, time, value, position,
           CASE WHEN row_number() OVER (PARTITION BY ${all}, bucket ORDER BY ${x}, seq) = 1 THEN points ELSE 0 END
           ${x === 'step' ? '' : ', shift'}
    FROM (SELECT *, ${bucket} AS bucket FROM (${extremes})) extremes
    JOIN (SELECT ${all}, ${bucket} AS bucket, count(*) AS points, max(position) AS position FROM wide GROUP BY ${all}, bucket) counted
      USING (${all}, bucket)
    ORDER BY seq`;
}

/**
 * Fills `newest`. As a rule the point of a series that came last is the newest; where its attempt or step is not the highest,
 * all of them are compared, which takes several times as long.
 */
export const newestSql = (fresh: string): string => `
  INSERT INTO newest
  WITH fresh AS (${fresh}),
  arrived AS (
    SELECT run, metric, min(seq) AS born, max(attempt) AS highest, max(step) AS furthest,
           arg_max({'attempt': attempt, 'step': step, 'time': time, 'value': value}, seq) AS point
    FROM fresh GROUP BY run, metric),
  late AS (
    SELECT run, metric FROM arrived
    WHERE point.attempt < highest OR coalesce(point.step < furthest, furthest IS NOT NULL)),
  compared AS (
    SELECT run, metric, arg_max({'attempt': attempt, 'step': step, 'time': time, 'value': value},
                                {'attempt': attempt, 'step': coalesce(step, -9007199254740992), 'seq': seq}) AS point
    FROM fresh SEMI JOIN late USING (run, metric) GROUP BY run, metric)
  SELECT run, metric, point.attempt, point.step, point.time, point.value
  FROM (SELECT run, metric, born, coalesce(compared.point, arrived.point) AS point
        FROM arrived LEFT JOIN compared USING (run, metric))
  ORDER BY born`;

/** Fills `reaches`. */
export const reachesSql = (fresh: string): string => `
  INSERT INTO reaches
  SELECT run, attempt, max(step), max(time), min(step) FILTER (step > 0), count(*) FROM (${fresh}) GROUP BY run, attempt`;
