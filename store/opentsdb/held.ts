import type { Downsample } from './downsample';
import type { Datapoint } from './series';

/** Milliseconds between the points of a gauge. */
export const GRID_MS = 60_000;

/** The changes of a value: what it was, from when on (epoch milliseconds, ascending); it holds until the next. */
export interface Changes {
  time: ArrayLike<number>;
  /** Undefined: no value from then on. */
  value: ArrayLike<number | undefined>;
  /** The last moment at which the value still held: now for a live run, its end for another. */
  until: number;
}

/** A value held over some points of the grid, both inclusive. */
interface Stretch {
  value: number;
  from: number;
  to: number;
}

const gridUp = (time: number) => Math.ceil(time / GRID_MS) * GRID_MS;

/** Counts the points on the grid within the inclusive bounds, at the most: at some there may be no value. */
export function gridPoints({ time, until }: Changes, start: number, end: number): number {
  const first = gridUp(Math.max(start, time[0] ?? Number.POSITIVE_INFINITY));
  const last = Math.min(end, until);
  return first > last ? 0 : Math.floor((last - first) / GRID_MS) + 1;
}

/** A change that is told before an earlier one begins with that one. */
function* stretches({ time, value, until }: Changes, start: number, end: number): Generator<Stretch> {
  const last = Math.min(end, until);
  let begin = Math.max(start, time[0] ?? Number.POSITIVE_INFINITY);
  for (let i = 0; begin <= last; i++) {
    const held = value[i];
    const next = Math.max(begin, time[i + 1] ?? Number.POSITIVE_INFINITY);
    const from = gridUp(begin);
    const to = next > last ? last : gridUp(next) - GRID_MS;
    if (held !== undefined && Number.isFinite(held) && from <= to) {
      yield { value: held, from, to };
    }
    begin = next;
  }
}

/** Says whether some point of the grid within the inclusive bounds has a value. */
export const hasValue = (changes: Changes, start: number, end: number): boolean =>
  stretches(changes, start, end).next().done === false;

/** A value carried forward on the grid, within the inclusive bounds. */
export function* onGrid(changes: Changes, start: number, end: number): Generator<Datapoint> {
  for (const { value, from, to } of stretches(changes, start, end)) {
    for (let time = from; time <= to; time += GRID_MS) {
      yield { time, value };
    }
  }
}

/**
 * The same, one point a bucket, without a look at every point of the grid: a value that holds for a year is taken with
 * its weight. A bucket of everything stands at `start`.
 */
export function* bucketsOfGrid(
  changes: Changes,
  start: number,
  end: number,
  { width, aggregator }: Downsample,
): Generator<Datapoint> {
  const begin = (at: number) => (Number.isFinite(width) ? at - (at % width) : start);
  const values: number[] = [];
  const counts: number[] = [];
  let bucket: number | undefined;
  for (const { value, from, to } of stretches(changes, start, end)) {
    for (let at = from; at <= to; ) {
      const time = begin(at);
      if (bucket !== undefined && bucket !== time) {
        yield { time: bucket, value: aggregator.of(values, counts) };
        values.length = 0;
        counts.length = 0;
      }
      bucket = time;
      const last = Math.min(to, gridUp(time + width) - GRID_MS);
      const count = Math.floor((last - at) / GRID_MS) + 1;
      values.push(value);
      counts.push(count);
      at += count * GRID_MS;
    }
  }
  if (bucket !== undefined) {
    yield { time: bucket, value: aggregator.of(values, counts) };
  }
}
