import { AsyncLocalStorage } from 'node:async_hooks';

/** What every read on behalf of a request needs to know of it, however deep below the route it is made. */
export interface RequestScope {
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
  /** Who asks: a token, or an address. Those who ask for much wait for themselves. */
  caller?: string;
  /** Milliseconds that reads may take, all together; each by itself where it is left out. */
  time?: { left: number };
  /** Told the share that is done, 0–1, of what takes long; left out where nobody asks. */
  onProgress?: (share: number) => void;
}

/** The scope of the request that the calling code works for; the store's own work has none. */
export const requestScope = new AsyncLocalStorage<RequestScope>();
