import { Worker } from 'node:worker_threads';
import type { ReadOptions } from '../engine/ReadOptions';
import { FairPool } from '../pacing/FairPool';
import { StoreError } from '../StoreError';

/** A pattern in RE2's syntax. */
export interface Pattern {
  pattern: string;
  ignoresCase: boolean;
}

type Answer = { found: boolean[][] } | { fault: string; pattern: string };

interface Question {
  patterns: readonly Pattern[];
  texts: readonly string[];
}

/** Milliseconds after which a thread that has nothing to do ends. */
const IDLE = 30_000;
/** Megabytes that a thread may take; states of a pattern are kept while it looks. */
const MEMORY = 256;

/** A slot for a thread, which begins when it is needed. */
interface Slot {
  thread?: Worker;
  idle?: NodeJS.Timeout;
}

/**
 * Threads that look for patterns: the main thread stays free, and whatever a pattern takes, it ends when nobody waits for
 * it. Callers take turns.
 */
export class PatternThreads {
  private readonly slots: Slot[];
  private readonly pool: FairPool<Slot>;

  /** `most`: threads of one caller at one time. */
  constructor(count: number, most = count) {
    this.slots = Array.from({ length: count }, () => ({}));
    this.pool = new FairPool(most);
    for (const slot of this.slots) {
      this.pool.release(slot);
    }
  }

  /** Tells in which texts a pattern is found. Throws `invalid_pattern`, or the signal's reason once that is aborted. */
  async test(pattern: Pattern, texts: readonly string[], options?: ReadOptions): Promise<boolean[]> {
    const [found = []] = await this.ask({ patterns: [pattern], texts }, options);
    return found;
  }

  /** The same for several patterns that heed case: by pattern, which texts it is found in. */
  testAll(patterns: readonly string[], texts: readonly string[], options?: ReadOptions): Promise<boolean[][]> {
    return this.ask({ patterns: patterns.map((pattern) => ({ pattern, ignoresCase: false })), texts }, options);
  }

  private async ask(question: Question, { signal, caller = '' }: ReadOptions = {}): Promise<boolean[][]> {
    const slot = await this.pool.acquire(caller, signal);
    try {
      return await ask(slot, question, signal);
    } finally {
      this.pool.release(slot);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.slots.map(end));
  }
}

async function ask(slot: Slot, question: Question, signal?: AbortSignal) {
  clearTimeout(slot.idle);
  slot.thread ??= new Worker(new URL('./patternWorker.mjs', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY },
    // What is preloaded into the process is not for a thread.
    execArgv: [],
    env: {},
  });
  const { thread } = slot;
  thread.ref();
  const settled = new AbortController();
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', () => reject(signal.reason), { signal: settled.signal });
      for (const [event, take] of [
        ['message', resolve],
        ['error', reject],
        ['exit', () => reject(new StoreError('unavailable', 'The store is stopping; retry in a few seconds.', 5))],
      ] as const) {
        thread.once(event, take);
        settled.signal.addEventListener('abort', () => thread.off(event, take));
      }
      thread.postMessage(question);
    });
    if ('fault' in answer) {
      const message = `The pattern ${JSON.stringify(answer.pattern)} is not valid RE2: ${answer.fault}.`;
      throw new StoreError('invalid_pattern', message);
    }
    slot.idle = setTimeout(() => void end(slot), IDLE).unref();
    thread.unref();
    return answer.found;
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'invalid_pattern')) {
      // It goes on looking until it is ended.
      await end(slot);
    }
    throw isOutOfMemory(error) ? tooLarge() : error;
  } finally {
    settled.abort();
  }
}

async function end(slot: Slot): Promise<void> {
  clearTimeout(slot.idle);
  const { thread } = slot;
  delete slot.thread;
  await thread?.terminate();
}

const isOutOfMemory = (error: unknown) => (error as { code?: string } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';

const tooLarge = () =>
  new StoreError('limit_exceeded', `The pattern takes more than ${MEMORY} MB of memory over such a text; shorten it.`);
