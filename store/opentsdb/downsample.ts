import { type Aggregator, aggregatorOf } from './aggregators';
import { badRequest, shown } from './OpenTsdbError';
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
    throw badRequest(`Invalid downsample: ${shown(value)}. Write it as 1m-avg or 1m-avg-none.`);
  }
  const aggregator = aggregatorOf(name, 'downsampling aggregator');
  if (name === 'none') {
    throw badRequest('Invalid downsample: "none" brings nothing down; leave the downsampling out instead.');
  }
  return { width, name, aggregator, zero: fill === 'zero' };
}

/** Counts the buckets of `width` milliseconds between the inclusive bounds; `bucketTimes` tells which they are. */
export const countBuckets = (width: number, start: number, end: number) =>
  Math.floor((end - (start - (start % width))) / width) + 1;

export function* bucketTimes(width: number, start: number, end: number): Generator<number> {
  for (let at = start - (start % width); at <= end; at += width) {
    yield at;
  }
}
