import type { Asker } from '../Access';
import type { Caller } from './Tokens';

/** Requests followed at one time; further ones are answered all the same. */
const MOST = 1_000;

/** The progress of requests that have an id of their clients' own. Nobody sees anybody else's. */
export class ProgressRegistry {
  readonly #shares = new Map<string, number>();

  /** Reads, and is told how far that is; without an id it only reads. */
  async follow<T>(
    id: string | undefined,
    caller: Caller,
    asker: Asker,
    read: (asker: Asker) => Promise<T>,
  ): Promise<T> {
    if (id === undefined || this.#shares.size >= MOST) {
      return read(asker);
    }
    const key = keyOf(id, caller);
    const onProgress = (share: number) => this.#shares.set(key, share);
    try {
      return await read({ ...asker, onProgress });
    } finally {
      this.#shares.delete(key);
    }
  }

  /** Returns how far a request is, 0–1; null where nothing is known of it (any more). */
  share(id: string, caller: Caller): number | null {
    return this.#shares.get(keyOf(id, caller)) ?? null;
  }
}

const keyOf = (id: string, caller: Caller) => JSON.stringify([caller.key, id]);
