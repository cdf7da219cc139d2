import type { TimeAggregate } from '../engine/EngineReads';
import { badRequest, shown } from './OpenTsdbError';

export interface Aggregator {
  /** The stand-in for a point that only other series have: a value between the series' own points, or nothing. */
  gap: 'interpolate' | 'leave';
  /** `counts`: how often each value comes; once where they are left out. There is at least one value. */
  of(values: readonly number[], counts?: readonly number[]): number;
  /** The engine's name for it, to bring points down where they are. */
  inEngine: TimeAggregate;
  /** It has to sort the values. */
  sorts?: true;
}

type Of = Aggregator['of'];

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
const sum: Of = (values, counts) => values.reduce((all, value, i) => all + value * (counts?.[i] ?? 1), 0);
const count: Of = (values, counts) => (counts ? total(counts) : values.length);
const avg: Of = (values, counts) => sum(values, counts) / count(values, counts);
const min: Of = (values) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const max: Of = (values) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const first: Of = (values) => values[0] ?? 0;
const last: Of = (values) => values.at(-1) ?? 0;

/** Standard deviation of all, as OpenTSDB has it. */
const dev: Of = (values, counts) => {
  const mean = avg(values, counts);
  return Math.sqrt(
    avg(
      values.map((value) => (value - mean) ** 2),
      counts,
    ),
  );
};

const percentile = (share: number): Aggregator => ({
  gap: 'interpolate',
  inEngine: { quantile: share },
  sorts: true,
  of(values, counts) {
    const order = counts && values.map((_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    const sorted = order ? order.map((i) => values[i] ?? 0) : Float64Array.from(values).sort();
    const ranks = order && cumulative(order.map((i) => counts?.[i] ?? 1));
    // Where each value comes once, its rank is its index.
    const valueAt = (rank: number) => sorted[ranks ? ranks.findIndex((end) => rank < end) : rank] ?? 0;
    const at = share * (count(values, counts) - 1);
    const low = valueAt(Math.floor(at));
    return low + (valueAt(Math.ceil(at)) - low) * (at - Math.floor(at));
  },
});

function cumulative(counts: readonly number[]): number[] {
  let end = 0;
  return counts.map((one) => {
    end += one;
    return end;
  });
}

/** Aggregators by name, as `GET /api/aggregators` lists them. `none` hands every series on as it is. */
export const AGGREGATORS: Readonly<Record<string, Aggregator>> = {
  avg: { gap: 'interpolate', of: avg, inEngine: 'avg' },
  count: { gap: 'leave', of: count, inEngine: 'count' },
  dev: { gap: 'interpolate', of: dev, inEngine: 'dev' },
  first: { gap: 'leave', of: first, inEngine: 'first' },
  last: { gap: 'leave', of: last, inEngine: 'last' },
  max: { gap: 'interpolate', of: max, inEngine: 'max' },
  min: { gap: 'interpolate', of: min, inEngine: 'min' },
  mimmax: { gap: 'leave', of: max, inEngine: 'max' },
  mimmin: { gap: 'leave', of: min, inEngine: 'min' },
  none: { gap: 'leave', of: last, inEngine: 'last' },
  sum: { gap: 'interpolate', of: sum, inEngine: 'sum' },
  zimsum: { gap: 'leave', of: sum, inEngine: 'sum' },
  p50: percentile(0.5),
  p75: percentile(0.75),
  p90: percentile(0.9),
  p95: percentile(0.95),
  p99: percentile(0.99),
  p999: percentile(0.999),
};

export function aggregatorOf(name: unknown, where = 'aggregator'): Aggregator {
  const found = typeof name === 'string' && Object.hasOwn(AGGREGATORS, name) ? AGGREGATORS[name] : undefined;
  if (!found) {
    throw badRequest(`No such ${where}: ${shown(name)}. There are ${Object.keys(AGGREGATORS).join(', ')}.`);
  }
  return found;
}
