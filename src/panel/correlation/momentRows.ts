/** A moment of a chart is the same as a row's when it is nearer than this share of the dashboard's time range. */
const SHARE = 1 / 60;

/**
 * The time that a moment belongs to, among the times of some rows: the nearest, where it lies within half the distance to
 * its neighbour, or within a sixtieth of the time range; else undefined. All in epoch milliseconds, `range` in milliseconds.
 */
export function nearestTime(times: readonly number[], moment: number, range: number): number | undefined {
  const distinct = [...new Set(times)].sort((a, b) => a - b);
  let nearest: number | undefined;
  for (const time of distinct) {
    if (nearest === undefined || Math.abs(time - moment) < Math.abs(nearest - moment)) {
      nearest = time;
    }
  }
  if (nearest === undefined) {
    return undefined;
  }
  const at = distinct.indexOf(nearest);
  const neighbour = distinct[moment > nearest ? at + 1 : at - 1] ?? distinct[moment > nearest ? at - 1 : at + 1];
  const half = neighbour === undefined ? 0 : Math.abs(neighbour - nearest) / 2;
  return Math.abs(nearest - moment) <= Math.max(half, range * SHARE) ? nearest : undefined;
}

/** Around a step there is at least so much to see, and at most, in milliseconds. */
const LEAST = 30_000;
const MOST = 60 * 60_000;

/**
 * The time range that shows a step: from when the step before was logged until the next one was, and half as much
 * again on either side. `before` and `after` are left out at the ends of a run.
 */
export function momentRange(times: { first: number; last: number; before?: number; after?: number }): {
  from: number;
  to: number;
} {
  const { first, last, before, after } = times;
  const clamp = (margin: number) => Math.min(MOST, Math.max(LEAST, margin));
  const duration = before === undefined ? (after === undefined ? 0 : after - last) : first - before;
  return {
    from: Math.round(first - clamp(1.5 * duration)),
    to: Math.round(last + clamp(after === undefined ? duration / 2 : 1.5 * (after - last))),
  };
}
