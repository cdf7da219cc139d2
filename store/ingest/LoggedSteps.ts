import type { PointsChange } from '../engine/Engine';
import type { PreparedPoint } from './prepareLog';
import type { RunDraft } from './RunDraft';

/** Points of the commit that is being put together, and of what is stored. */
interface KnownPoints {
  storedSteps(run: string, metric: string): Iterable<number>;
  pointsOf(run: string): readonly PointsChange[];
}

/**
 * The steps that the current attempt of a run has points at, by metric, over all calls of a commit: put together only
 * when points come that are older than the newest of their metric.
 */
export class LoggedSteps {
  private readonly byMetric = new Map<string, Set<number>>();
  /** The attempt of which something may be stored; one that begins in this commit has nothing. */
  private readonly stored: number;

  constructor(
    private readonly stage: KnownPoints,
    private readonly draft: RunDraft,
  ) {
    this.stored = draft.attempt;
  }

  /** `pending`: points of this call that are not in the stage yet. */
  has(metric: string, step: number, pending: readonly PreparedPoint[]): boolean {
    const known = this.byMetric.get(metric) ?? this.load(metric, pending);
    return known.has(step);
  }

  private load(metric: string, pending: readonly PreparedPoint[]): Set<number> {
    const { record, attempt } = this.draft;
    const steps = new Set(attempt === this.stored ? this.stage.storedSteps(record.id, metric) : []);
    for (const staged of this.stage.pointsOf(record.id)) {
      if (staged.attempt === attempt) {
        staged.metrics.forEach((name, i) => {
          const step = staged.steps[i];
          if (name === metric && typeof step === 'number') {
            steps.add(step);
          }
        });
      }
    }
    this.byMetric.set(metric, steps);
    for (const point of pending) {
      this.add(point);
    }
    return steps;
  }

  add({ metric, step }: PreparedPoint): void {
    if (step !== null) {
      this.byMetric.get(metric)?.add(step);
    }
  }

  /** Another attempt begins, which has none yet. */
  clear(): void {
    this.byMetric.clear();
  }
}
