import type { Dots } from './aggregators';

/** Milliseconds between the points of a derived series. */
export const GRID_MS = 60_000;

/** What a value was, from when on; it holds until the next. Times ascending. */
export interface Changes {
  time: readonly number[];
  /** Undefined: no value from then on. */
  value: readonly (number | undefined)[];
  /** The last moment at which the value still held: now for a live run, its end for another. */
  until: number;
}

/** A value carried forward on the grid, within the inclusive bounds. */
export function onGrid({ time, value, until }: Changes, start: number, end: number): Dots {
  const times: number[] = [];
  const values: number[] = [];
  let i = -1;
  const last = Math.min(end, until);
  for (let at = Math.ceil(Math.max(start, time[0] ?? end + 1) / GRID_MS) * GRID_MS; at <= last; at += GRID_MS) {
    while (i + 1 < time.length && (time[i + 1] ?? 0) <= at) {
      i++;
    }
    const held = value[i];
    if (held !== undefined && Number.isFinite(held)) {
      times.push(at);
      values.push(held);
    }
  }
  return { time: times, value: values };
}
