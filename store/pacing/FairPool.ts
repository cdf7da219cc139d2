import { StoreError } from '../StoreError';

/** Those that may wait at one time, over all callers and of one. */
const MAX_WAITING = 1_000;
const MAX_WAITING_OF_ONE = 250;

interface Waiting<T> {
  caller: string;
  take(one: T): void;
  refuse(reason: unknown): void;
}

/**
 * A pool of things that there are few of (connections, threads), each lent for one thing at a time; who finds none
 * waits for a turn. Callers take turns: one that asks for much waits for itself, and never has more than `most`.
 */
export class FairPool<T> {
  private readonly idle: T[] = [];
  /** Those who wait, by caller; the caller whose turn it is next comes first. */
  private readonly waiting = new Map<string, Set<Waiting<T>>>();
  private readonly lent = new Map<T, string>();
  private waits = 0;
  private drained: ((all: T[]) => void) | undefined;
  private refusal: unknown;

  constructor(private readonly most: number) {}

  /** Rejects with the signal's reason when it is aborted before there is one, and where too many wait already. */
  acquire(caller: string, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.refusal !== undefined) {
        throw this.refusal;
      }
      const free = !this.drained && this.mayHave(caller) ? this.idle.pop() : undefined;
      if (free !== undefined) {
        this.lent.set(free, caller);
        resolve(free);
        return;
      }
      const own = this.waiting.get(caller) ?? new Set();
      if (this.waits >= MAX_WAITING || own.size >= MAX_WAITING_OF_ONE) {
        throw new StoreError(
          'too_busy',
          `${own.size} requests of this caller wait for their turn; retry in 2 seconds.`,
          2,
        );
      }
      const leave = () => {
        this.remove(one);
        reject(signal?.reason);
      };
      const one: Waiting<T> = {
        caller,
        take: (lent) => {
          signal?.removeEventListener('abort', leave);
          resolve(lent);
        },
        refuse: (reason) => {
          signal?.removeEventListener('abort', leave);
          reject(reason);
        },
      };
      this.waiting.set(caller, own.add(one));
      this.waits++;
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Gives one back, or adds one. */
  release(one: T): void {
    this.lent.delete(one);
    this.idle.push(one);
    if (this.drained) {
      this.finishDraining();
      return;
    }
    for (const [caller, [next]] of this.waiting) {
      const free = next && this.mayHave(caller) ? this.idle.pop() : undefined;
      if (next && free !== undefined) {
        this.remove(next);
        // Whoever had a turn goes to the end.
        const others = this.waiting.get(caller);
        if (others) {
          this.waiting.delete(caller);
          this.waiting.set(caller, others);
        }
        this.lent.set(free, caller);
        next.take(free);
        return;
      }
    }
  }

  private mayHave(caller: string): boolean {
    let has = 0;
    for (const one of this.lent.values()) {
      has += one === caller ? 1 : 0;
    }
    return has < this.most;
  }

  private remove(one: Waiting<T>): void {
    const own = this.waiting.get(one.caller);
    this.waits -= own?.delete(one) ? 1 : 0;
    if (own?.size === 0) {
      this.waiting.delete(one.caller);
    }
  }

  /** Refuses all who wait or come from now on, for that reason. Undefined: there are some again. */
  refuse(reason: unknown): void {
    this.refusal = reason;
    for (const one of reason === undefined ? [] : [...this.waiting.values()].flatMap((own) => [...own])) {
      this.remove(one);
      one.refuse(reason);
    }
  }

  /** Takes all out of the pool, once they have come back; who waits goes on waiting. */
  drain(): Promise<T[]> {
    return new Promise((resolve) => {
      this.drained = resolve;
      this.finishDraining();
    });
  }

  private finishDraining(): void {
    if (this.lent.size === 0) {
      this.drained?.(this.idle.splice(0));
      this.drained = undefined;
    }
  }
}
