import type { PointsChange } from '../engine/Engine';
import { atOnce, inTurns, type Steps, type Turn } from '../Turn';
import type { MetricRoles } from './MetricRoles';
import type { LoggedPoint, Moment } from './RunWatch';

/** Points of one change that are picked from as soon as it is committed. */
const PICKED_AT_ONCE = 2_000;
/** Points that are picked from between two looks at the clock. */
const POINTS_A_STEP = 256;
const MOST_WAITING = 1_000_000;

/** The data that came with one commit for one run. */
export interface Arrival {
  run: string;
  position: number;
  points: LoggedPoint[];
  steps: Array<{ attempt: number; step: number; time: number }>;
  /** Changes that are still to be picked from, after these: a commit may have points by the hundred thousand. */
  unpicked: PointsChange[];
  arrivedAt: Moment;
  /** More came than may wait here: all that there is of the run is read anew. */
  isAnew?: boolean;
}

/** The arrivals that were committed and wait to be judged, in their order; of bounded size. */
export class Arrivals {
  private waiting: Arrival[] = [];
  /** Points of all of them, roughly. */
  private points = 0;

  constructor(
    private readonly roles: MetricRoles,
    private readonly most = MOST_WAITING,
  ) {}

  /** Runs that wait, one as often as something came for it. */
  get size(): number {
    return this.waiting.length;
  }

  push(arrival: Arrival): void {
    this.waiting.push(arrival);
    this.points += pointsOf(arrival);
    if (this.points > this.most) {
      this.shorten();
    }
  }

  shift(): Arrival | undefined {
    const next = this.waiting.shift();
    this.points -= next ? pointsOf(next) : 0;
    return next;
  }

  forget(run: string): void {
    this.replace(this.waiting.filter((arrival) => arrival.run !== run));
  }

  /** Picks out of logged points what matters, at once where that is quick; `turn` is that of the whole commit. */
  add(arrival: Arrival, change: PointsChange, turn: Turn): void {
    // What comes after something that is left for later is left for later, too.
    if (turn.isOver || arrival.unpicked.length > 0 || change.metrics.length > PICKED_AT_ONCE) {
      arrival.unpicked.push(change);
    } else {
      atOnce(pickPoints(change, arrival, this.roles));
    }
  }

  /** Picks out of an arrival's points what was left for later. */
  async pickRest(arrival: Arrival): Promise<void> {
    for (const change of arrival.unpicked) {
      await inTurns(pickPoints(change, arrival, this.roles));
    }
  }

  /** Lets go of what waits: of each run remains that it is to be read anew, which takes no more than that. */
  private shorten(): void {
    const anew = new Map<string, Arrival>();
    for (const { run, position, arrivedAt } of this.waiting) {
      anew.set(run, { run, position, points: [], steps: [], unpicked: [], arrivedAt, isAnew: true });
    }
    this.replace([...anew.values()]);
  }

  private replace(waiting: Arrival[]): void {
    this.waiting = waiting;
    this.points = waiting.reduce((sum, arrival) => sum + pointsOf(arrival), 0);
  }
}

/** Counts what an arrival holds. It is picked from later than it is observed, so what it is picked from counts. */
const pointsOf = ({ points, steps, unpicked }: Arrival): number =>
  unpicked.reduce((sum, { metrics }) => sum + metrics.length, 1 + points.length + steps.length);

/** Picks out of logged points those that have a role, and the steps that were reached. */
function* pickPoints(
  { metrics, attempt, steps, times, values }: PointsChange,
  arrival: Arrival,
  roles: MetricRoles,
): Steps<void> {
  let reached: number | null = null;
  for (const [i, metric] of metrics.entries()) {
    const step = steps[i] ?? null;
    const time = times[i] ?? 0;
    if (step !== null && (reached === null || step > reached)) {
      reached = step;
      arrival.steps.push({ attempt, step, time });
    }
    if (roles.of(metric)) {
      arrival.points.push({ metric, attempt, step, time, value: values[i] ?? Number.NaN });
    }
    if (i % POINTS_A_STEP === POINTS_A_STEP - 1) {
      yield;
    }
  }
}
