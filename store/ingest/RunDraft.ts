import type { RunRecord } from '../engine/Engine';
import type { Behind, Latest, RunEntry } from '../runs/RunEntry';

/** A run as it will be after the commit under way: changes on top of what is known, kept apart until it is durable. */
export class RunDraft {
  private readonly latest = new Map<string, Latest>();
  readonly reached: Map<number, number>;
  record: RunRecord;
  lastStep: number | undefined;
  lastTime: number | undefined;
  behind: Behind | undefined;
  /** The number of metrics that it has, by name. */
  metrics: number;
  /** Something that was there before has changed. */
  rewrites = false;
  /** The record must be written, not only remembered. */
  dirty = false;

  constructor(
    private readonly base: RunEntry | undefined,
    record: RunRecord,
    /** See `RunEntry`. */
    public heardAt: number,
  ) {
    this.record = record;
    this.metrics = base?.latest.size ?? 0;
    this.reached = new Map(base?.reached);
    this.lastStep = base?.lastStep;
    this.lastTime = base?.lastTime;
    this.behind = base?.behind;
  }

  get isNew(): boolean {
    return this.base === undefined;
  }

  latestOf(metric: string): Latest | undefined {
    return this.latest.get(metric) ?? this.base?.latest.get(metric);
  }

  setLatest(metric: string, latest: Latest): void {
    this.metrics += this.latestOf(metric) ? 0 : 1;
    this.latest.set(metric, latest);
  }

  /** A point that may be the newest of its metric. */
  offerLatest(metric: string, { attempt, step, time, value }: Latest): void {
    const latest = this.latestOf(metric);
    const isNewer =
      !latest ||
      attempt > latest.attempt ||
      (attempt === latest.attempt && (step === null || latest.step === null || step >= latest.step));
    if (isNewer) {
      this.setLatest(metric, { attempt, step, time, value });
    }
  }

  get attempt(): number {
    return this.record.attempts.at(-1)?.n ?? 1;
  }

  reach(step: number | null, time: number): void {
    this.lastTime = Math.max(this.lastTime ?? time, time);
    if (step !== null) {
      this.rewrites ||= this.goesOver(step);
      this.reached.set(this.attempt, Math.max(this.reached.get(this.attempt) ?? step, step));
      this.lastStep = Math.max(this.lastStep ?? step, step);
    }
  }

  /** Tells whether what an older attempt logged at the step, or on the way to it, may be superseded now. */
  private goesOver(step: number): boolean {
    const next = (this.reached.get(this.attempt) ?? step) + 1;
    return [...this.reached].some(([attempt, last]) => attempt < this.attempt && Math.min(step, next) <= last);
  }

  /** The entry for the run index, once the commit at `position` is durable. */
  settle(position: number): RunEntry {
    const latest = this.base?.latest ?? new Map<string, Latest>();
    for (const [metric, point] of this.latest) {
      latest.set(metric, point);
    }
    return this.entry(latest, position);
  }

  /** The entry as it will be, for an answer; what is known stays as it is. */
  preview(): RunEntry {
    return this.entry(new Map([...(this.base?.latest ?? []), ...this.latest]), 0);
  }

  private entry(latest: Map<string, Latest>, position: number): RunEntry {
    return {
      record: this.record,
      heardAt: this.heardAt,
      latest,
      reached: this.reached,
      rewrittenAt: this.rewrites ? position : (this.base?.rewrittenAt ?? 0),
      ...(this.lastStep !== undefined && { lastStep: this.lastStep }),
      ...(this.lastTime !== undefined && { lastTime: this.lastTime }),
      ...(this.behind && { behind: this.behind }),
      ...(this.base?.bytes !== undefined && { bytes: this.base.bytes }),
    };
  }
}
