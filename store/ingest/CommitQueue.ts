import { StoreError } from '../StoreError';

/** The most bytes and calls that may wait to be written. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;
const MAX_WAITING_JOBS = 10_000;
/** A commit takes no further call once it has so many bytes: no caller waits long for others'. */
const MAX_COMMIT_BYTES = 32 * 1024 * 1024;

/** The share of the time that a commit took, and the most milliseconds, that the next waits for expected calls. */
const GATHER_SHARE = 3 / 4;
const MOST_GATHER_MS = 5;

/** One call to be written: `stage` adds it to a commit and returns its answer, which is given once that is durable. */
export interface Job<S, A> {
  bytes: number;
  /** A question about what is stored, to be answered before a commit is put together of this call. */
  asks?: A | undefined;
  stage(stage: S): Promise<unknown>;
}

interface Waiting<S, A> {
  /** A call to be written, or work that wants no commit beside it. */
  job: Job<S, A> | { bytes: 0; alone(): Promise<unknown> };
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

type Staging<S, A> = Waiting<S, A> & { job: Job<S, A> };

const isAlone = <S, A>({ job }: Waiting<S, A>) => 'alone' in job;

/**
 * One writer, group commit: whatever waits goes into the next commit together. A call that is refused stays out of it, and
 * when a commit of several fails, each is tried alone: so one bad call neither fails its neighbours nor costs them their
 * common commit. State that commits work on is changed here and nowhere else: by a commit, or by work `between` them.
 */
export class CommitQueue<S, A = never> {
  private waiting: Waiting<S, A>[] = [];
  private bytes = 0;
  private running: Promise<void> | undefined;
  private closed = false;
  /** The number of calls that are expected: the last commit answered some of them, and others waited when it ended. */
  private expected = 0;
  private gatherUntil = 0;
  private stopGathering: (() => void) | undefined;

  constructor(
    /** A commit to be put together of calls that ask this: once, so that it is looked up for all of them together. */
    private readonly newStage: (asked: A[]) => Promise<S> | S,
    private readonly commit: (stage: S) => Promise<void>,
  ) {}

  get isIdle(): boolean {
    return this.running === undefined;
  }

  /**
   * Tells whether a call of so many bytes goes into the next commit: work may be done for it ahead, of which there is
   * no more so than what one commit takes.
   */
  takesNext(bytes: number): boolean {
    return this.bytes + bytes <= MAX_COMMIT_BYTES;
  }

  /** Resolves with the job's answer once it is durable; refuses when too much is waiting. */
  add<T>(job: Job<S, A> & { stage(stage: S): Promise<T> }): Promise<T> {
    if (this.bytes + job.bytes > MAX_WAITING_BYTES || this.waiting.length >= MAX_WAITING_JOBS) {
      return Promise.reject(new StoreError('too_busy', 'Too much is waiting to be written; retry in a second.', 1));
    }
    return this.wait<T>(job);
  }

  /** Runs `work` once, between commits: nothing is staged or written beside it. However much waits, it is taken. */
  between<T>(work: () => Promise<T>): Promise<T> {
    return this.wait<T>({ bytes: 0, alone: work });
  }

  private wait<T>(job: Waiting<S, A>['job']): Promise<T> {
    if (this.closed) {
      return Promise.reject(new StoreError('unavailable', 'The store is stopping; retry in a moment.', 5));
    }
    this.bytes += job.bytes;
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ job, resolve: resolve as (answer: unknown) => void, reject });
      if (this.waiting.length >= this.expected) {
        this.stopGathering?.();
      }
      this.running ??= this.drain();
    });
  }

  private async drain(): Promise<void> {
    // A turn of the event loop, so that calls which arrived together are committed together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const [first] = this.waiting;
      if (first && 'alone' in first.job) {
        this.waiting.shift();
        await first.job.alone().then(first.resolve, first.reject);
      } else {
        await this.gather();
        await this.write(this.takeGroup());
      }
    }
    // This is the same turn as the last look at what waits: a call that comes later starts anew.
    this.running = undefined;
  }

  /**
   * A commit costs about the same for one call as for ten, and whoever was answered by one calls again soon: so those who
   * did are waited for, a little, and go into the same commit. Else it takes the first of them alone, and the others wait
   * for the end of that.
   */
  private async gather(): Promise<void> {
    const left = this.gatherUntil - performance.now();
    if (left > 0 && this.waiting.length < this.expected && !this.closed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.stopGathering = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.stopGathering = undefined;
    }
  }

  /** So many calls are about to be answered, after so many milliseconds. */
  private expectAgain(answered: number, took: number): void {
    this.expected = answered + this.waiting.length;
    this.gatherUntil = performance.now() + Math.min(MOST_GATHER_MS, GATHER_SHARE * took);
  }

  /** Calls from the first on, up to what fits into one commit or wants none beside it. */
  private takeGroup(): Staging<S, A>[] {
    let size = 0;
    let count = 0;
    for (const one of this.waiting) {
      if (isAlone(one) || (count > 0 && size >= MAX_COMMIT_BYTES)) {
        break;
      }
      size += one.job.bytes;
      count++;
    }
    return this.waiting.splice(0, count) as Staging<S, A>[];
  }

  /**
   * Calls that are refused are found while the commit is put together: the others are put together anew, without what
   * those left behind, and each of those is asked again by itself. A commit that fails may do so for any of its calls.
   */
  private async write(group: Staging<S, A>[]): Promise<void> {
    const begin = performance.now();
    const answers: unknown[] = [];
    let alone = new Set<Staging<S, A>>();
    let failure: unknown;
    try {
      const stage = await this.newStage(group.flatMap(({ job }) => job.asks ?? []));
      for (const one of group) {
        try {
          answers.push(await one.job.stage(stage));
        } catch (error) {
          failure = error;
          alone.add(one);
        }
      }
      if (alone.size === 0) {
        await this.commit(stage);
      }
    } catch (error) {
      failure = error;
      alone = new Set(group);
    }
    if (alone.size > 0 && group.length > 1) {
      const others = group.filter((one) => !alone.has(one));
      if (others.length > 0) {
        await this.write(others);
      }
      for (const one of alone) {
        await this.write([one]);
      }
      return;
    }
    this.expectAgain(group.length, performance.now() - begin);
    group.forEach((one, i) => {
      this.bytes -= one.job.bytes;
      if (alone.size > 0) {
        one.reject(failure);
      } else {
        one.resolve(answers[i]);
      }
    });
  }

  /** Writes what waits, and takes no more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }
}
