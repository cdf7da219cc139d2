import type { PointsChange } from '../../Engine';
import type { AttemptReach, LatestPoint } from '../../EngineReads';
import type { SortedChanges } from '../../sortChanges';

export interface NewestPoint extends LatestPoint {
  run: string;
  metric: string;
}

/** Tells whether a point that comes later is the newer one, too: by attempt, then step; no step is before all steps. */
const isNewer = (one: LatestPoint, than: LatestPoint) =>
  one.attempt !== than.attempt
    ? one.attempt > than.attempt
    : (one.step ?? Number.NEGATIVE_INFINITY) >= (than.step ?? Number.NEGATIVE_INFINITY);

/** The newest point of each metric of each run of a commit, in the order of first logging. */
export function newestOf(points: readonly PointsChange[]): NewestPoint[] {
  const byRun = new Map<string, Map<string, NewestPoint>>();
  for (const { run, attempt, metrics, steps, times, values } of points) {
    const ofRun = byRun.get(run) ?? new Map<string, NewestPoint>();
    byRun.set(run, ofRun);
    metrics.forEach((metric, i) => {
      const point = { run, metric, attempt, step: steps[i] ?? null, time: times[i] ?? 0, value: values[i] ?? 0 };
      const known = ofRun.get(metric);
      if (known === undefined || isNewer(point, known)) {
        ofRun.set(metric, point);
      }
    });
  }
  return [...byRun.values()].flatMap((ofRun) => [...ofRun.values()]);
}

/** Returns how far a commit takes attempts: by the steps of points, and by those of the entries of rows. */
export function reachOf({ points, rows }: Pick<SortedChanges, 'points' | 'rows'>): AttemptReach[] {
  const found = new Map<string, AttemptReach>();
  const note = (run: string, attempt: number, step: number | null, time: number) => {
    const id = JSON.stringify([run, attempt]);
    const reach = found.get(id) ?? { run, attempt, step: null, aboveZero: null, time };
    found.set(id, reach);
    reach.time = Math.max(reach.time, time);
    if (step !== null) {
      reach.step = Math.max(reach.step ?? step, step);
      reach.aboveZero = step > 0 ? Math.min(reach.aboveZero ?? step, step) : reach.aboveZero;
    }
  };
  for (const { run, attempt, steps, times } of points) {
    for (const [i, step] of steps.entries()) {
      note(run, attempt, step, times[i] ?? 0);
    }
  }
  for (const { run, attempt, entryStep, times } of rows) {
    for (const time of times) {
      note(run, attempt, entryStep, time);
    }
  }
  return [...found.values()];
}
