import type { DuckDBConnection } from '@duckdb/node-api';

/** Milliseconds between interrupts. */
const AGAIN = 20;

/**
 * Runs a query that ends when the signal is aborted; rejects with the signal's reason then. It settles only when DuckDB
 * is done with the query, so that no interrupt can reach what the connection is used for next.
 */
export async function interruptible<T>(
  connection: DuckDBConnection,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  let again: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    // DuckDB forgets an interrupt that comes before it has begun, as between preparing and executing.
    again = setInterval(() => connection.interrupt(), AGAIN);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await run();
  } finally {
    signal.removeEventListener('abort', interrupt);
    clearInterval(again);
    signal.throwIfAborted();
  }
}
