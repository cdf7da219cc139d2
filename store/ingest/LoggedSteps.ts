import type { PreparedLog, PreparedPoint } from './prepareLog';
import type { RunDraft } from './RunDraft';
import type { Stage } from './Stage';

/**
 * Which steps the current attempt of a run has points at, by metric: asked for only when points come that are older
 * than the newest of their metric. One read serves all of a call's points of a metric.
 */
export class LoggedSteps {
  private readonly byMetric = new Map<string, Set<number>>();
  private lowest: Map<string, number> | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly draft: RunDraft,
    private readonly log: PreparedLog,
  ) {}

  /** `pending`: points of this call that are not in the stage yet. */
  async has(metric: string, step: number, pending: readonly PreparedPoint[]): Promise<boolean> {
    const known = this.byMetric.get(metric) ?? (await this.load(metric, pending));
    return known.has(step);
  }

  private async load(metric: string, pending: readonly PreparedPoint[]): Promise<Set<number>> {
    const { record, attempt } = this.draft;
    this.lowest ??= lowestSteps(this.log.points);
    const newest = this.draft.latestOf(metric)?.step ?? 0;
    const from = this.lowest.get(metric) ?? newest;
    const steps = new Set(await this.stage.storedSteps(record.id, attempt, metric, from, newest));
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

function lowestSteps(points: readonly PreparedPoint[]): Map<string, number> {
  const lowest = new Map<string, number>();
  for (const { metric, step } of points) {
    if (step !== null) {
      lowest.set(metric, Math.min(step, lowest.get(metric) ?? step));
    }
  }
  return lowest;
}
