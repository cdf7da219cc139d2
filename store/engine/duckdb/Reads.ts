import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { ReadOptions } from '../ReadOptions';
import type { Idleness } from './Idleness';
import { interruptible } from './interruptible';
import { type Columns, type ListRow, query, queryChunks, queryLists, queryStreamed } from './query';
import type { Readers, ReadKind } from './Readers';

/** One statement, and all of its answer. */
export type Read = (sql: string, values?: DuckDBValue[]) => Promise<Columns>;

export const endable = <T>(connection: DuckDBConnection, signal: AbortSignal | undefined, run: () => Promise<T>) =>
  signal ? interruptible(connection, signal, run) : run();

/** The reads of a file, on behalf of somebody or, without options, of the store itself. */
export class Reads {
  constructor(
    protected readonly readers: Readers,
    protected readonly idleness: Idleness,
    readonly options: ReadOptions = {},
  ) {}

  /**
   * Reads on a connection of its own, so that readers never wait for the writer. Ends early, with the reason of the
   * signal, when nobody waits for it any more; see `Readers`.
   */
  read(sql: string, values: DuckDBValue[] = []): Promise<Columns> {
    return this.session((read) => read(sql, values));
  }

  /** A short read of the store's own, which waits for no caller's. */
  lookUp(sql: string, values: DuckDBValue[] = []): Promise<Columns> {
    return this.readers.lend('own', (connection) => query(connection, sql, values));
  }

  /** The same, of lists of numbers. */
  lookUpLists(sql: string, take: (row: ListRow) => void): Promise<void> {
    return this.readers.lend('own', (connection) => queryLists(connection, sql, take));
  }

  /** A caller's read whose answer is handed on in parts of some thousand rows, so that a large one is never there whole. */
  readChunks(sql: string, take: (part: Columns) => void): Promise<void> {
    return this.lend('call', (connection, signal) =>
      endable(connection, signal, () => queryChunks(connection, sql, [], take)),
    );
  }

  /** A caller's read of lists of numbers, each of which is looked at once. */
  readLists(sql: string, take: (row: ListRow) => void): Promise<void> {
    return this.lend('call', (connection, signal) =>
      endable(connection, signal, () => queryLists(connection, sql, take)),
    );
  }

  /**
   * Runs several reads on one connection, as a temporary table needs. They use no other one: all of them may be lent to
   * sessions, of which each would wait for the others.
   */
  session<T>(work: (read: Read, signal?: AbortSignal) => Promise<T>, kind: ReadKind = 'call'): Promise<T> {
    return this.lend(kind, (connection, signal) =>
      work((sql, values = []) => endable(connection, signal, () => queryStreamed(connection, sql, values)), signal),
    );
  }

  protected lend<T>(kind: ReadKind, work: (connection: DuckDBConnection, signal?: AbortSignal) => Promise<T>) {
    return this.inUse(() => this.readers.lend(kind, work, this.options));
  }

  /** Runs `work` for somebody outside: meanwhile, and for a while after it, what is cached stays. */
  inUse<T>(work: () => Promise<T>): Promise<T> {
    return this.idleness.use(work);
  }
}
