import type { Bucketing } from '../../bucketWidth';
import type { SeriesQuery } from '../../EngineReads';

/** The fields of a point that the reductions give. */
const POINT = ['step', 'time', 'value', 'seq'] as const;
/** The fields that tell series apart. */
export const KEYS = ['key', 'metric', 'attempt'] as const;

/** SQL of reduced points as `key, metric, attempt, step, time, value, seq[, spread]`, for series that share a bucketing. */
export function reduceSql(
  query: Pick<SeriesQuery, 'x' | 'reduce' | 'groups'>,
  points: string,
  { shift, nonFinite }: Bucketing,
): string {
  const { x } = query;
  const keys = KEYS.join(', ');
  const fields = [...POINT, ...(query.groups ? ['spread'] : [])];
  if (shift === null) {
    return `SELECT ${keys}, ${fields.join(', ')} FROM (${points}) WHERE ${x} IS NOT NULL`;
  }
  const bucket = bucketSql(x, shift);
  // Two points may have the same time, not the same step.
  const order = x === 'step' ? 'assumeNotNull(step)' : '(time, seq)';
  if (query.reduce !== 'extremes') {
    const last = (field: string) => `argMax(tuple(${field}), ${order}).1 AS ${field}`;
    const picks = fields.map((field) =>
      field === 'value' && query.reduce === 'mean' ? 'avg(value) AS value' : last(field),
    );
    return `SELECT ${keys}, ${picks.join(', ')} FROM (${points}) WHERE ${x} IS NOT NULL GROUP BY ${keys}, ${bucket}`;
  }
  return extremesSql(points, fields, order, x, bucket, nonFinite);
}

/** Shifting floors; dividing would make the bucket around 0 twice as wide. All of it is one bucket beyond 62 bits. */
const bucketSql = (x: 'step' | 'time', shift: number) =>
  shift > 62 ? 'toInt64(0)' : `bitShiftRight(assumeNotNull(${x}), ${shift})`;

/** Makes SQL of each bucket's first, lowest, highest and last points and the first that is not finite; each once. */
function extremesSql(
  points: string,
  fields: readonly string[],
  order: string,
  x: 'step' | 'time',
  bucket: string,
  nonFinite: boolean,
): string {
  const keys = KEYS.join(', ');
  // Extremes first, then the points that have them: of equal values the first logged one, the same on every read.
  const isCompared = nonFinite ? 'isFinite(value)' : 'true';
  const extremes = `SELECT ${keys}, ${bucket} AS bucket, minOrNullIf(value, ${isCompared}) AS lowest,
                           maxOrNullIf(value, ${isCompared}) AS highest, min(${x}) AS firstX, max(${x}) AS lastX
                    FROM (${points}) WHERE ${x} IS NOT NULL GROUP BY ${keys}, bucket`;
  const on = [...KEYS, 'bucket'].map((key) => `logged.${key} = extremes.${key}`).join(' AND ');
  const isOut = `value = lowest OR value = highest ${nonFinite ? 'OR NOT isFinite(value)' : ''}`;
  const candidates = `SELECT ${[...KEYS, 'bucket'].map((key) => `logged.${key} AS ${key}`).join(', ')}, ${order} AS place,
                             tuple(${fields.join(', ')}) AS point, value, lowest, highest
                      FROM (SELECT *, ${bucket} AS bucket FROM (${points}) WHERE ${x} IS NOT NULL) AS logged
                      JOIN (${extremes}) AS extremes ON ${on}
                      WHERE ${x} = firstX OR ${x} = lastX OR ${isOut}`;
  const picks = [
    '[argMin(point, place)]',
    '[argMax(point, place)]',
    ...['value = lowest', 'value = highest', ...(nonFinite ? ['NOT isFinite(value)'] : [])].map(
      (has) => `if(countIf(${has}) > 0, [argMinIf(point, place, ${has})], [])`,
    ),
  ].join(', ');
  const picked = fields.map((field, i) => `picked.${i + 1} AS ${field}`).join(', ');
  return `SELECT ${keys}, ${picked}
          FROM (SELECT ${keys}, arrayJoin(arrayDistinct(arrayConcat(${picks}))) AS picked FROM (${candidates}) GROUP BY ${keys}, bucket)`;
}
