import { setMaxListeners } from 'node:events';
import { LIMITS } from '@rolloscope/contract';
import type { ReadOptions } from '../engine/ReadOptions';
import { StoreError } from '../StoreError';

/** Milliseconds that reads of one request may take together. */
export const READ_MS = LIMITS.readSeconds * 1_000;

export const tooSlow = () =>
  new StoreError(
    'query_too_slow',
    `The read was ended after ${LIMITS.readSeconds} s (readSeconds); ask for fewer runs, steps or columns, or for a shorter pattern.`,
  );

/**
 * Reads what is in memory within the time that the asker has for their reads: `work` is given the signal that is aborted
 * then, and when nobody waits for the answer any more, so that its turns and threads end with that reason.
 */
export async function withinTime<T>(
  { signal, time = { left: READ_MS }, ...asker }: ReadOptions,
  work: (options: ReadOptions) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  setMaxListeners(0, end.signal);
  const leave = () => end.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', leave, { once: true });
  const limit = setTimeout(() => end.abort(tooSlow()), Math.max(1, time.left));
  const begin = performance.now();
  try {
    return await work({ ...asker, time, signal: end.signal });
  } finally {
    time.left -= performance.now() - begin;
    clearTimeout(limit);
    signal?.removeEventListener('abort', leave);
  }
}
