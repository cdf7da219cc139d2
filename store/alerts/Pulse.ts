/** Steps of which the median interval is taken, and those that it takes at least. */
const NEWEST_STEPS = 50;
const FEWEST_INTERVALS = 3;

/** The pulse of a run: how fast it steps, and how long ago it last did. */
export class Pulse {
  private attempt = 0;
  private step = Number.NEGATIVE_INFINITY;
  private time = 0;
  private intervals: number[] = [];
  /** The time by the steady clock at which the last step arrived; undefined before the first. */
  arrivedAt: number | undefined;

  /** A step that the run logged, with its time and that of its arrival by the steady clock. */
  observe(attempt: number, step: number, time: number, arrivedAt: number): void {
    if (attempt > this.attempt) {
      this.attempt = attempt;
      this.step = Number.NEGATIVE_INFINITY;
    }
    if (step <= this.step) {
      return;
    }
    if (Number.isFinite(this.step)) {
      this.intervals = [...this.intervals.slice(1 - NEWEST_STEPS), Math.max(0, time - this.time)];
    }
    this.step = step;
    this.time = time;
    this.arrivedAt = arrivedAt;
  }

  get lastStep(): number | undefined {
    return Number.isFinite(this.step) ? this.step : undefined;
  }

  /** Median milliseconds from one logged step to the next; undefined while too few are known. */
  get interval(): number | undefined {
    const sorted = this.intervals.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    const [low = 0, high = 0] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
    return sorted.length < FEWEST_INTERVALS ? undefined : (low + high) / 2;
  }

  /** Milliseconds of silence that count as a stall; undefined while it cannot be known. */
  limit({
    stalledIntervals,
    stalledSeconds,
  }: {
    stalledIntervals: number;
    stalledSeconds: number;
  }): number | undefined {
    const { interval } = this;
    return interval === undefined ? undefined : Math.max(stalledIntervals * interval, stalledSeconds * 1_000);
  }
}
