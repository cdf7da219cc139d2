import { StoreError } from '../StoreError';

/** What may wait to be written. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;
const MAX_WAITING_JOBS = 10_000;
/** What goes into one commit at the most, so that no caller waits long for others' bytes. */
const MAX_COMMIT_BYTES = 32 * 1024 * 1024;

/** One call to be written: `stage` adds it to a commit and returns its answer, which is given once that is durable. */
export interface Job<S> {
  bytes: number;
  stage(stage: S): Promise<unknown>;
}

interface Waiting<S> {
  job: Job<S>;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/**
 * One writer, group commit: whatever waits goes into the next commit together. When a commit of several fails, each is
 * tried alone, so that one bad call does not fail its neighbours.
 */
export class CommitQueue<S> {
  private waiting: Waiting<S>[] = [];
  private bytes = 0;
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly newStage: () => S,
    private readonly commit: (stage: S) => Promise<void>,
  ) {}

  get isIdle(): boolean {
    return this.running === undefined;
  }

  /** Resolves with the job's answer once it is durable; refuses when too much is waiting. */
  add<T>(job: { bytes: number; stage(stage: S): Promise<T> }): Promise<T> {
    if (this.closed) {
      return Promise.reject(new StoreError('unavailable', 'The store is stopping; retry in a moment.', 5));
    }
    if (this.bytes + job.bytes > MAX_WAITING_BYTES || this.waiting.length >= MAX_WAITING_JOBS) {
      return Promise.reject(new StoreError('too_busy', 'Too much is waiting to be written; retry in a second.', 1));
    }
    this.bytes += job.bytes;
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ job, resolve: resolve as (answer: unknown) => void, reject });
      this.running ??= this.drain();
    });
  }

  private async drain(): Promise<void> {
    // A turn of the event loop, so that calls which arrived together are committed together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      let size = 0;
      let count = 0;
      while (count < this.waiting.length && (count === 0 || size < MAX_COMMIT_BYTES)) {
        size += this.waiting[count]?.job.bytes ?? 0;
        count++;
      }
      const group = this.waiting.splice(0, count);
      await this.write(group);
    }
    // In the same turn as the last look at what waits: a call that comes later starts anew.
    this.running = undefined;
  }

  private async write(group: Waiting<S>[]): Promise<void> {
    const stage = this.newStage();
    const staged: Array<{ one: Waiting<S>; answer: unknown }> = [];
    try {
      for (const one of group) {
        staged.push({ one, answer: await one.job.stage(stage) });
      }
      await this.commit(stage);
    } catch (error) {
      if (group.length === 1) {
        this.bytes -= group[0]?.job.bytes ?? 0;
        group[0]?.reject(error);
        return;
      }
      for (const one of group) {
        await this.write([one]);
      }
      return;
    }
    for (const { one, answer } of staged) {
      this.bytes -= one.job.bytes;
      one.resolve(answer);
    }
  }

  /** Writes what waits, and takes no more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }
}
