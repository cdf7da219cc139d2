import { CLOCK, type Clock } from '../Clock';
import { isDiskFull } from '../disk/diskFull';
import type { Engine } from '../engine/Engine';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import type { Writer } from './Writer';

const TICK_MS = 1_000;
/**
 * The log is folded in when it has grown so far and nobody writes. Where there is no pause for some ticks, or beyond the
 * second size, writers wait: for a tenth of a second, or for half a second.
 */
const IDLE_LOG_BYTES = 16 * 1024 * 1024;
const BUSY_TICKS = 5;
const MAX_LOG_BYTES = 64 * 1024 * 1024;
/** Memory that tables with many columns take until then, of the 512 MB that the database has. */
const IDLE_HELD_BYTES = 192 * 1024 * 1024;
const HOUR_MS = 60 * 60 * 1000;
/** Milliseconds between two ticks by which the machine's clock was set, and did not only run fast. */
const SET_MS = 5_000;

export interface UpkeepOptions {
  /** Runs not heard of for so many milliseconds are deleted, unless tagged `keep`. */
  retain?: number;
  clock?: Clock;
  /** Called every hour by the steady clock, which it is told. */
  onHour?(steady: number): Promise<void>;
  onError(error: unknown): void;
  /** Told once of what is wrong with the storage, and once (undefined) when all is well again. */
  onTrouble?(trouble: string | undefined): void;
}

/** A disk that is full is told once, as the storage's trouble. */
const unlessFull = (work: Promise<unknown>) =>
  work.catch((error) => {
    if (!isDiskFull(error)) {
      throw error;
    }
  });

/** What a store does besides answering: folds its log in, notes silent runs, forgets what is over. */
export class Upkeep {
  private readonly timer: NodeJS.Timeout;
  private working: Promise<void> | undefined;
  private readonly clock: Clock;
  /** By the steady clock. */
  private hourlyAt = Number.NEGATIVE_INFINITY;
  /** How far the machine's clock was ahead of the steady one at the last tick, and from when on it is believed. */
  private ahead = Number.NaN;
  private believedFrom = 0;
  private deletedAt = 0;
  /** Ticks in a row at which the log was large enough and somebody wrote. */
  private busyTicks = 0;
  /** Whether the engine had more to do after its last checkpoint; it is asked once after the start. */
  private isBehind = true;
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
    const trouble = await this.lookAtStorage();
    if (!this.engine.isOpen) {
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
    const { log } = await this.engine.size();
    const isLarge = log > IDLE_LOG_BYTES || this.engine.heldBytes > IDLE_HELD_BYTES;
    this.busyTicks = isLarge && !this.writer.isIdle ? this.busyTicks + 1 : 0;
    const isTime = this.writer.isIdle || this.busyTicks >= BUSY_TICKS;
    const isDue = isLarge && isTime;
    // On a full disk nobody waits for a pause: what is to be done may make room.
    const isPause = this.writer.isIdle || trouble !== undefined;
    if (isDue || log > MAX_LOG_BYTES || (this.isBehind && isPause)) {
      this.busyTicks = 0;
      await this.writer.exclusively(async () => {
        this.isBehind = await this.engine.checkpoint();
      });
      await this.runIndex.measure(this.engine);
    }
    if (this.runIndex.deletedAt !== this.deletedAt && isPause) {
      this.deletedAt = this.runIndex.deletedAt;
      await this.writer.exclusively(async () => {
        this.isBehind = await this.engine.checkpoint();
        await this.engine.reclaim();
      });
    }
  }

  /** Keeps room on the disk, opens what had to be closed, and tells when something is wrong, or no more. */
  private async lookAtStorage(): Promise<string | undefined> {
    await unlessFull(this.engine.keepRoom());
    if (!this.engine.isOpen) {
      // What is in the way is told as trouble.
      await this.writer.exclusively(() => this.engine.openAgain()).catch(() => undefined);
    }
    const { trouble } = await this.engine.size();
    if ((trouble === undefined) !== (this.trouble === undefined)) {
      this.options.onTrouble?.(trouble);
    }
    this.trouble = trouble;
    return trouble;
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
