import type { DuckDBConnection } from '@duckdb/node-api';
import { FairPool } from '../../pacing/FairPool';
import { READ_MS, tooSlow } from '../../pacing/withinTime';
import { StoreError } from '../../StoreError';
import { THREADS, threadCount } from '../../threads';
import type { ReadOptions } from '../ReadOptions';
import { asStoreError } from './failure';

/**
 * The purpose of a read: a short look-up of the store's own, of which commits are made; a caller's read; a caller's
 * search through texts, which may take long; a copy of the whole file. Each kind has connections of its own, so that
 * none waits for another.
 */
export type ReadKind = 'own' | 'call' | 'search' | 'copy';

interface Share {
  connections: number;
  /** Connections that one caller has at the most at one time. */
  most: number;
}

const SHARES: Record<ReadKind, Share> = {
  own: { connections: 2, most: 2 },
  call: { connections: 4, most: 3 },
  search: { connections: 3, most: 2 },
  copy: { connections: 1, most: 1 },
};
/** The shares with Node's four threads: one for the writer, one for files, and searches take turns with other reads. */
const FEW: Record<ReadKind, Share> = {
  own: { connections: 1, most: 1 },
  call: { connections: 1, most: 1 },
  search: { connections: 0, most: 0 },
  copy: { connections: 1, most: 1 },
};

/** The name of who asks where nobody is named. */
const STORE = 'the store itself';
/** Milliseconds after which reads end that somebody waits for who needs all connections. */
const PATIENCE = 2_000;

/** The connections that read. */
export class Readers {
  private readonly shares = threadCount() < THREADS ? FEW : SHARES;
  private readonly pools = Object.fromEntries(
    Object.entries(this.shares).map(([kind, { most }]) => [kind, new FairPool<DuckDBConnection>(most)]),
  ) as Record<ReadKind, FairPool<DuckDBConnection>>;
  private readonly underWay = new Map<AbortController, ReadKind>();

  /** The first damage to the file that was found. */
  damage: StoreError | undefined;

  /** A failure as the contract names it. */
  told(error: unknown): unknown {
    const failure = asStoreError(error);
    if (failure instanceof StoreError && failure.code === 'data_damaged') {
      this.damage ??= failure;
    }
    return failure;
  }

  private named<T>(work: Promise<T>): Promise<T> {
    return work.catch((error) => {
      throw this.told(error);
    });
  }

  /** Fills the pools. */
  async connect(connect: () => Promise<DuckDBConnection>): Promise<void> {
    for (const [kind, { connections }] of Object.entries(this.shares)) {
      for (let i = 0; i < connections; i++) {
        this.pools[kind as ReadKind].release(await connect());
      }
    }
  }

  /** Reads fail for that reason, until they are allowed again (undefined). */
  refuse(reason: StoreError | undefined): void {
    for (const pool of Object.values(this.pools)) {
      pool.refuse(reason);
    }
  }

  /**
   * Lends a connection for some work. What is read for a caller ends early, with the reason of the signal, when nobody
   * waits for it any more, when it takes too long (`query_too_slow`), and when the store needs the connection.
   */
  async lend<T>(
    kind: ReadKind,
    work: (connection: DuckDBConnection, signal?: AbortSignal) => Promise<T>,
    { signal, caller = STORE, time = { left: READ_MS } }: ReadOptions = {},
  ): Promise<T> {
    const pool = this.pools[kind === 'search' && this.shares.search.connections === 0 ? 'call' : kind];
    if (kind === 'own') {
      const connection = await pool.acquire(STORE);
      return this.named(work(connection)).finally(() => pool.release(connection));
    }
    const connection = await pool.acquire(caller, signal);
    const end = new AbortController();
    const leave = () => end.abort(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    const begin = performance.now();
    const limit = kind === 'copy' ? undefined : setTimeout(() => end.abort(tooSlow()), Math.max(1, time.left));
    this.underWay.set(end, kind);
    try {
      return await this.named(work(connection, end.signal));
    } finally {
      time.left -= performance.now() - begin;
      clearTimeout(limit);
      signal?.removeEventListener('abort', leave);
      this.underWay.delete(end);
      pool.release(connection);
    }
  }

  /**
   * Closes all connections, each when its read is over; who asks meanwhile waits until there are new ones. `forGood`:
   * there will be none, so copies end, too.
   */
  async disconnect(forGood = false): Promise<void> {
    const late = setTimeout(() => {
      for (const [end, kind] of this.underWay) {
        if (kind !== 'copy' || forGood) {
          end.abort(new StoreError('unavailable', 'The store has to close its file; retry in a moment.', 1));
        }
      }
    }, PATIENCE);
    const held = await Promise.all(Object.values(this.pools).map((pool) => pool.drain()));
    clearTimeout(late);
    for (const connection of held.flat()) {
      connection.closeSync();
    }
  }
}
