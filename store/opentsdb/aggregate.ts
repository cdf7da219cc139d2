import type { Aggregator } from './aggregators';
import type { Datapoint, Datapoints } from './series';

/** One of several series that are walked together: the next datapoint, and the one before it. */
class Walk {
  private readonly datapoints: Iterator<Datapoint>;
  private before: Datapoint | undefined;
  next: Datapoint | undefined;

  constructor(datapoints: Datapoints) {
    this.datapoints = datapoints[Symbol.iterator]();
    this.step();
  }

  private step(): void {
    this.before = this.next;
    const { done, value } = this.datapoints.next();
    this.next = done ? undefined : value;
  }

  /** The value at a time, which is not after the next datapoint's; goes on behind it. */
  take(at: number, gap: Aggregator['gap']): number | undefined {
    const { before, next } = this;
    if (next?.time === at) {
      this.step();
      return next.value;
    }
    if (gap === 'leave' || !before || !next) {
      return undefined;
    }
    return before.value + ((next.value - before.value) * (at - before.time)) / (next.time - before.time);
  }
}

/** Several series as one, at every time at which one of them has a datapoint. */
export function* aggregate(series: readonly Datapoints[], { gap, of }: Aggregator): Generator<Datapoint> {
  const walks = series.map((datapoints) => new Walk(datapoints));
  const values: number[] = [];
  for (let time = earliest(walks); time < Number.POSITIVE_INFINITY; time = earliest(walks)) {
    values.length = 0;
    for (const walk of walks) {
      const value = walk.take(time, gap);
      if (value !== undefined) {
        values.push(value);
      }
    }
    yield { time, value: of(values) };
  }
}

/** The same at given times, among which are those of all datapoints; a series without one there counts as 0. */
export function* aggregateAt(
  times: Iterable<number>,
  series: readonly Datapoints[],
  { of }: Aggregator,
): Generator<Datapoint> {
  const walks = series.map((datapoints) => new Walk(datapoints));
  const values: number[] = [];
  for (const time of times) {
    values.length = 0;
    for (const walk of walks) {
      values.push(walk.take(time, 'leave') ?? 0);
    }
    yield { time, value: of(values) };
  }
}

function earliest(walks: readonly Walk[]): number {
  let time = Number.POSITIVE_INFINITY;
  for (const { next } of walks) {
    time = Math.min(time, next?.time ?? time);
  }
  return time;
}
