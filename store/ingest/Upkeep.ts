import { CLOCK, type Clock } from '../Clock';
import { unlessFull } from '../disk/diskFull';
import type { Engine } from '../engine/Engine';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import type { Writer } from './Writer';

const TICK_MS = 1_000;
const HOUR_MS = 60 * 60 * 1000;
/** Milliseconds between two ticks by which the machine's clock was set, and did not only run fast. */
const SET_MS = 5_000;

interface UpkeepOptions {
  /** Runs not heard of for so many milliseconds are deleted, unless tagged `keep`. */
  retain?: number;
  clock?: Clock;
  /** Called every hour by the steady clock, which it is told. */
  onHour?(steady: number): Promise<void>;
  onError(error: unknown): void;
  /** Told once of what is wrong with the storage, and once (undefined) when all is well again. */
  onTrouble?(trouble: string | undefined): void;
}

/** The work of a store besides answering: it keeps its storage well, notes silent runs, and forgets what is over. */
export class Upkeep {
  private readonly timer: NodeJS.Timeout;
  private working: Promise<void> | undefined;
  private readonly clock: Clock;
  /** The last time of the hourly work, in epoch milliseconds by the steady clock. */
  private hourlyAt = Number.NEGATIVE_INFINITY;
  /** Milliseconds that the machine's clock was ahead of the steady one last, and from when on it is believed. */
  private ahead = Number.NaN;
  private believedFrom = 0;
  private trouble: string | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly runIndex: RunIndex,
    private readonly writer: Writer,
    private readonly options: UpkeepOptions,
  ) {
    this.clock = options.clock ?? CLOCK;
    this.timer = setInterval(() => {
      this.working ??= this.tick()
        .catch(options.onError)
        .finally(() => {
          this.working = undefined;
        });
    }, TICK_MS);
    this.timer.unref();
  }

  /** One round, as the timer makes it. */
  async tick(): Promise<void> {
    if (!(await this.keepStorage())) {
      return;
    }
    const silent = [...this.runIndex.all()].filter((entry) => this.runIndex.isSilent(entry));
    if (silent.length > 0) {
      await unlessFull(this.writer.markSilent(silent.map(({ record }) => record.id)));
    }
    const steady = this.clock.steady();
    this.lookAtClock(steady);
    if (steady - this.hourlyAt > HOUR_MS) {
      this.hourlyAt = steady;
      await unlessFull(this.writer.forgetBatches());
      if (steady >= this.believedFrom) {
        await this.retain();
      }
      await this.options.onHour?.(steady);
    }
  }

  /** False while nothing can be read or written. Tells when something is wrong with the storage, or no more. */
  private async keepStorage(): Promise<boolean> {
    // What fails of it is tried again; the rest of a round is not kept from being done.
    const kept = await this.engine.upkeep(this.writer).catch((error) => this.options.onError(error));
    const { trouble } = await this.engine.size();
    if ((trouble === undefined) !== (this.trouble === undefined)) {
      this.options.onTrouble?.(trouble);
    }
    this.trouble = trouble;
    if (kept?.isFolded) {
      await this.runIndex.measure(this.engine);
    }
    return kept?.isOpen ?? true;
  }

  /**
   * A clock that was set is not believed for an hour, nor one that nobody has watched so long: it may be put right before
   * it costs a run.
   */
  private lookAtClock(steady: number): void {
    const ahead = this.clock.now() - steady;
    if (!(Math.abs(ahead - this.ahead) < SET_MS)) {
      this.believedFrom = steady + HOUR_MS;
    }
    this.ahead = ahead;
  }

  private async retain(): Promise<void> {
    const { retain } = this.options;
    if (retain === undefined) {
      return;
    }
    const isOver = ({ record }: Pick<RunEntry, 'record'>) =>
      this.clock.now() - record.updatedAt > retain && !record.tags.includes('keep');
    for (const { record } of [...this.runIndex.all()].filter(isOver)) {
      await this.writer.deleteIf(record.id, isOver);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
  }
}
