import type { TimeAggregate } from '../engine/EngineReads';
import { badRequest } from './OpenTsdbError';

/** A series in time: columns of equal length, times (epoch milliseconds) ascending, each once. */
export interface Dots {
  time: readonly number[];
  value: readonly number[];
}

export interface Aggregator {
  /** What stands in for a series without a point where another has one: a value between its own points, or nothing. */
  gap: 'interpolate' | 'leave';
  of(values: readonly number[]): number;
  /** What the engine calls it, to bring points down where they are. */
  inEngine: TimeAggregate;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const avg = (values: readonly number[]) => sum(values) / values.length;
const min = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const max = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** Standard deviation of all, as OpenTSDB has it. */
function dev(values: readonly number[]): number {
  const mean = avg(values);
  return Math.sqrt(avg(values.map((value) => (value - mean) ** 2)));
}

const percentile = (share: number): Aggregator => ({
  gap: 'interpolate',
  inEngine: { quantile: share },
  of(values) {
    const sorted = values.toSorted((a, b) => a - b);
    const at = share * (sorted.length - 1);
    const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
    return low + (high - low) * (at - Math.floor(at));
  },
});

/** By name, as `GET /api/aggregators` lists them. `none` hands every series on as it is. */
export const AGGREGATORS: Readonly<Record<string, Aggregator>> = {
  avg: { gap: 'interpolate', of: avg, inEngine: 'avg' },
  count: { gap: 'leave', of: (values) => values.length, inEngine: 'count' },
  dev: { gap: 'interpolate', of: dev, inEngine: 'dev' },
  first: { gap: 'leave', of: (values) => values[0] ?? 0, inEngine: 'first' },
  last: { gap: 'leave', of: (values) => values.at(-1) ?? 0, inEngine: 'last' },
  max: { gap: 'interpolate', of: max, inEngine: 'max' },
  min: { gap: 'interpolate', of: min, inEngine: 'min' },
  mimmax: { gap: 'leave', of: max, inEngine: 'max' },
  mimmin: { gap: 'leave', of: min, inEngine: 'min' },
  none: { gap: 'leave', of: (values) => values.at(-1) ?? 0, inEngine: 'last' },
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
    throw badRequest(`No such ${where}: ${JSON.stringify(name)}. There are ${Object.keys(AGGREGATORS).join(', ')}.`);
  }
  return found;
}

/** Several series as one, at every time at which one of them has a point. */
export function aggregate(series: readonly Dots[], { gap, of }: Aggregator): Dots {
  const time = [...new Set(series.flatMap((one) => one.time))].sort((a, b) => a - b);
  const next = series.map(() => 0);
  const value = time.map((at) => of(series.flatMap((one, s) => valueAt(one, at, next, s, gap) ?? [])));
  return { time, value };
}

/** `next[s]` is the first point of the series that is not before `at`; times are asked for in order. */
function valueAt({ time, value }: Dots, at: number, next: number[], s: number, gap: Aggregator['gap']) {
  let i = next[s] ?? 0;
  while (i < time.length && (time[i] ?? 0) < at) {
    i++;
  }
  next[s] = i;
  if (time[i] === at) {
    return value[i];
  }
  if (gap === 'leave' || i === 0 || i === time.length) {
    return undefined;
  }
  const [from = 0, to = 0, low = 0, high = 0] = [time[i - 1], time[i], value[i - 1], value[i]];
  return low + ((high - low) * (at - from)) / (to - from);
}
