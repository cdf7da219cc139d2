import type { Bucketing } from '../../bucketWidth';
import type { SeriesQuery } from '../../EngineReads';

/** The fields of a point that the reductions give. */
const POINT = ['step', 'time', 'value', 'seq'] as const;

/**
 * SQL of reduced points as `<keys>, step, time, value, seq[, spread]`, for series that share a bucketing. `keys` are
 * the columns that tell the series apart: none when there is one, since grouping by them has its price.
 */
export function reduceSql(
  query: Pick<SeriesQuery, 'x' | 'reduce' | 'groups'>,
  points: string,
  keys: readonly string[],
  { shift, nonFinite }: Bucketing,
  /** SQL of the bucket that a line falls into, where lines have buckets of their own. */
  own?: string,
): string {
  const { x } = query;
  const fields = [...POINT, ...(query.groups ? ['spread'] : [])];
  const list = (...parts: readonly string[]) => parts.join(', ');
  if (shift === null) {
    return `SELECT ${list(...keys, ...fields)} FROM (${points}) WHERE ${x} IS NOT NULL`;
  }
  // Shifting floors; dividing would make the bucket around 0 twice as wide. All of it is one bucket beyond 62 bits.
  const bucket = own ?? (shift > 62 ? '0' : `${x} >> ${shift}`);
  // Two points may have the same time, not the same step.
  const order = x === 'step' ? 'step' : "{'time': time, 'seq': seq}";
  if (query.reduce !== 'extremes') {
    const last = (field: string) => `arg_max(${field}, ${order}) AS ${field}`;
    const picks = fields.map((field) =>
      field === 'value' && query.reduce === 'mean' ? 'avg(value) AS value' : last(field),
    );
    return `SELECT ${list(...keys, ...picks)} FROM (${points}) WHERE ${x} IS NOT NULL GROUP BY ${list(...keys, bucket)}`;
  }

  // Extremes first, then the points that have them: of equal values the first logged one, the same on every read.
  const finite = nonFinite ? ' FILTER (isfinite(value))' : '';
  const extremes = `SELECT ${list(...keys, `${bucket} AS bucket`)}, min(value)${finite} AS lowest, max(value)${finite} AS highest,
                           min(${x}) AS first, max(${x}) AS last
                    FROM (${points}) WHERE ${x} IS NOT NULL GROUP BY ${list(...keys, 'bucket')}`;
  const on = [...keys.map((key) => `logged.${key} = extremes.${key}`), 'logged.bucket = extremes.bucket'].join(' AND ');
  // Where all values are equal, the first point has both extremes; unless it is not finite.
  const stand = nonFinite ? 'true' : 'lowest < highest';
  const point = `{${fields.map((field) => `'${field}': ${field}`).join(', ')}}`;
  const candidates = `SELECT ${list(...keys.map((key) => `logged.${key}`), 'logged.bucket')}, ${order} AS place, ${point} AS point, value,
                             lowest, highest
                      FROM (SELECT *, ${bucket} AS bucket FROM (${points}) WHERE ${x} IS NOT NULL) logged
                      JOIN (${extremes}) extremes ON ${on}
                      WHERE ${x} = first OR ${x} = last OR (${stand} AND (value = lowest OR value = highest))
                            ${nonFinite ? 'OR NOT isfinite(value)' : ''}`;
  const picks = [
    'arg_min(point, place)',
    'arg_min(point, place) FILTER (value = lowest)',
    'arg_min(point, place) FILTER (value = highest)',
    'arg_max(point, place)',
    ...(nonFinite ? ['arg_min(point, place) FILTER (NOT isfinite(value))'] : []),
  ];
  return `SELECT ${list(...keys)}${keys.length > 0 ? ', ' : ''}${fields.map((field) => `point.${field}`).join(', ')}
          FROM (SELECT ${list(...keys, `unnest(list_distinct([${picks.join(', ')}])) AS point`)}
                FROM (${candidates}) GROUP BY ${list(...keys, 'bucket')})
          WHERE point IS NOT NULL`;
}
