import type { SeriesData, SeriesQuery } from '../../EngineReads';
import type { Reads } from '../Reads';
import { extremesOf } from './extremesOf';
import type { Range } from './ranges';

const KEYS = ['key', 'metric', 'attempt'] as const;

/** All points of a series, in any order. A step that is none is NaN. */
interface SeriesPoints extends Pick<Range, (typeof KEYS)[number]> {
  step: Float64Array;
  time: Float64Array;
  value: Float64Array;
  /** The order of logging, left out where no two points have the same x. */
  seq?: Float64Array | undefined;
  spread?: Float64Array | undefined;
}

/** Reads every point of some series once. What is the same in all of them, as `same` says, is not read. */
export async function readPoints(
  database: Reads,
  query: SeriesQuery,
  sql: string,
  same: Partial<Pick<Range, (typeof KEYS)[number]>>,
  take: (points: SeriesPoints) => void,
): Promise<void> {
  const keys = KEYS.filter((key) => same[key] === undefined);
  const isOrdered = query.x === 'time' || query.everyAttempt;
  const lists = [
    // By time, points without a step count, too.
    query.x === 'step' ? 'step::DOUBLE' : "coalesce(step::DOUBLE, 'NaN')",
    'time::DOUBLE',
    'value',
    ...(isOrdered ? ['seq::DOUBLE'] : []),
    ...(query.groups ? ['spread'] : []),
  ];
  await database.readLists(
    `SELECT ${[...keys, ...lists.map((list) => `list(${list})`)].join(', ')} FROM (${sql})
     WHERE ${query.x} IS NOT NULL ${keys.length === 0 ? 'HAVING count(*) > 0' : `GROUP BY ${keys.join(', ')}`}`,
    ({ ids, lists: [step, time, value, ...others] }) => {
      if (step && time && value) {
        const [seq, spread] = isOrdered ? others : [undefined, others[0]];
        const own = Object.fromEntries(keys.map((key, k) => [key, ids[k] ?? 0]));
        take({ key: 0, metric: 0, attempt: 0, ...same, ...own, step, time, value, seq, spread });
      }
    },
  );
}

/** Adds to a series those of its points that stand out, in order, or all of them where `shift` is null. */
export function keepExtremes(series: SeriesData, x: 'step' | 'time', points: SeriesPoints, shift: number | null): void {
  const { step, time, value, seq, spread } = points;
  const all = { x: points[x], value, seq };
  for (const i of shift === null ? inOrder(all) : extremesOf(all, shift)) {
    const at = all.x[i] ?? 0;
    if (series.from === undefined || at >= series.from) {
      const number = step[i] ?? Number.NaN;
      series.step.push(Number.isNaN(number) ? null : number);
      series.time.push(time[i] ?? 0);
      series.value.push(value[i] ?? 0);
      series.spread?.push(spread?.[i] ?? 0);
    }
  }
}

const inOrder = ({ x, seq }: { x: Float64Array; seq?: Float64Array | undefined }) =>
  [...x.keys()].sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0) || (seq?.[a] ?? 0) - (seq?.[b] ?? 0));
