import type { DuckDBConnection } from '@duckdb/node-api';

/** Connections that read, each lent to one read at a time; who finds none waits for its turn. */
export class ReaderPool {
  private readonly idle: DuckDBConnection[] = [];
  private readonly waiting = new Set<(connection: DuckDBConnection) => void>();

  /** Rejects with the signal's reason when it is aborted before there is one. */
  acquire(signal?: AbortSignal): Promise<DuckDBConnection> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const connection = this.idle.pop();
      if (connection) {
        resolve(connection);
        return;
      }
      const leave = () => {
        this.waiting.delete(take);
        reject(signal?.reason);
      };
      const take = (lent: DuckDBConnection) => {
        signal?.removeEventListener('abort', leave);
        resolve(lent);
      };
      this.waiting.add(take);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Gives a connection back, or adds one. */
  release(connection: DuckDBConnection): void {
    const [next] = this.waiting;
    if (next) {
      this.waiting.delete(next);
      next(connection);
    } else {
      this.idle.push(connection);
    }
  }

  close(): void {
    for (const connection of this.idle) {
      connection.closeSync();
    }
  }
}
