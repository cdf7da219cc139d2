import { type Aggregator, aggregatorOf, type Dots } from './aggregators';
import { badRequest } from './OpenTsdbError';
import { parseDuration } from './parseTime';

/** Buckets of equal width, anchored at the epoch. */
export interface Downsample {
  /** Milliseconds; infinite when everything is one bucket. */
  width: number;
  name: string;
  aggregator: Aggregator;
  /** Empty buckets are left out, or filled with 0. JSON has no NaN, and Grafana would read a null as 0. */
  zero: boolean;
}

const FILLS = ['none', 'nan', 'null', 'zero'];

/** `1m-avg`, `1m-avg-none`, `0all-sum`. */
export function parseDownsample(value: unknown): Downsample | undefined {
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  const [interval = '', name = '', fill = 'none', ...more] = typeof value === 'string' ? value.split('-') : [];
  const width = interval === '0all' ? Number.POSITIVE_INFINITY : parseDuration(interval.replace(/c$/, ''));
  if (width === undefined || name === '' || more.length > 0 || !FILLS.includes(fill)) {
    throw badRequest(`Invalid downsample: ${JSON.stringify(value)}. Write it as 1m-avg or 1m-avg-none.`);
  }
  const aggregator = aggregatorOf(name, 'downsampling aggregator');
  if (name === 'none') {
    throw badRequest('Invalid downsample: "none" brings nothing down; leave the downsampling out instead.');
  }
  return { width, name, aggregator, zero: fill === 'zero' };
}

/** One point a bucket, at the bucket's begin; for a bucket of everything at `start`. */
export function downsample({ time, value }: Dots, { width, aggregator }: Downsample, start: number): Dots {
  const begin = (at: number) => (Number.isFinite(width) ? at - (at % width) : start);
  const times: number[] = [];
  const values: number[] = [];
  let first = 0;
  for (let i = 0; i < time.length; i++) {
    const at = begin(time[i] ?? 0);
    const isLast = i + 1 === time.length || begin(time[i + 1] ?? 0) !== at;
    if (isLast) {
      times.push(at);
      values.push(aggregator.of(value.slice(first, i + 1)));
      first = i + 1;
    }
  }
  return { time: times, value: values };
}

/** Fills empty buckets from `start` to `end` with 0. */
export function fillZero(dots: Dots, width: number, start: number, end: number): Dots {
  const known = new Map(dots.time.map((at, i) => [at, dots.value[i] ?? 0]));
  const time: number[] = [];
  for (let at = start - (start % width); at <= end; at += width) {
    time.push(at);
  }
  return { time, value: time.map((at) => known.get(at) ?? 0) };
}
