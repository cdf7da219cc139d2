import { setMaxListeners } from 'node:events';
import { LIMITS } from '@rolloscope/contract';
import { requestScope } from '../requestScope';
import { StoreError } from '../StoreError';

/** Milliseconds that reads of one request may take together. */
export const READ_MS = LIMITS.readSeconds * 1_000;

export const tooSlow = () =>
  new StoreError(
    'query_too_slow',
    `The read was ended after ${LIMITS.readSeconds} s (readSeconds); ask for fewer runs, steps or columns, or for a shorter pattern.`,
  );

/**
 * Reads what is in memory within the time that the request has for its reads: then, and when nobody waits for the answer
 * any more, its turns and threads end with that reason.
 */
export async function withinTime<T>(work: () => Promise<T>): Promise<T> {
  const { signal, time = { left: READ_MS }, ...scope } = requestScope.getStore() ?? {};
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  const leave = () => end.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', leave, { once: true });
  const limit = setTimeout(() => end.abort(tooSlow()), Math.max(1, time.left));
  const begin = performance.now();
  try {
    return await requestScope.run({ ...scope, time, signal: end.signal }, work);
  } finally {
    time.left -= performance.now() - begin;
    clearTimeout(limit);
    signal?.removeEventListener('abort', leave);
  }
}
