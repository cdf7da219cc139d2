import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { StoreError } from '../../StoreError';
import { interruptible } from './interruptible';
import { type Columns, query, queryChunks } from './query';
import { Readers, type ReadKind } from './Readers';
import './exactText';

/** One statement, and all of its answer. */
export type Read = (sql: string, values?: DuckDBValue[]) => Promise<Columns>;

const FILE = 'runs.duckdb';
/** Never reached: when the log is folded in is decided by `Upkeep`, not in the middle of a commit. */
const CHECKPOINT_THRESHOLD = '1TB';
/**
 * A checkpoint writes every row group anew that got rows. At DuckDB's default of 122,880 rows that is more than a
 * gigabyte of texts, and writers wait for it; reads over small groups were measured to be as fast.
 */
const ATTACH_OPTIONS = '(ROW_GROUP_SIZE 4096)';

/** Opens one file as the database `store`; waits up to `patience` ms for the process that has it to let go. */
async function openFile(path: string, patience: number): Promise<DuckDBInstance> {
  // The size of row groups can be given to an attached file only, so what is opened at first is in memory, and empty.
  const instance = await DuckDBInstance.create(':memory:', {
    checkpoint_threshold: CHECKPOINT_THRESHOLD,
    memory_limit: '2GB',
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Reads are many and small; more threads than this only wait for each other.
    threads: '4',
  });
  const connection = await instance.connect();
  const giveUp = Date.now() + patience;
  for (;;) {
    try {
      await connection.run(`ATTACH ${quoted(path)} AS store ${ATTACH_OPTIONS}`);
      connection.closeSync();
      return instance;
    } catch (error) {
      const held = /set lock on file/i.test(String(error));
      if (!held || Date.now() > giveUp) {
        connection.closeSync();
        instance.closeSync();
        const why = held ? 'another process has it open' : String(error);
        throw new StoreError('unavailable', `The store's folder cannot be opened: ${why} (${path}).`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run('USE store');
  return connection;
}

const endable = <T>(connection: DuckDBConnection, signal: AbortSignal | undefined, run: () => Promise<T>) =>
  signal ? interruptible(connection, signal, run) : run();

const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;

/** A rename is durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}

/** One DuckDB file with one writing connection and a few reading ones. */
export class Database {
  private readonly readers = new Readers();

  private constructor(
    readonly directory: string,
    private instance: DuckDBInstance,
    private writing: DuckDBConnection,
  ) {}

  static async open(directory: string, patience = 10_000): Promise<Database> {
    await mkdir(directory, { recursive: true });
    const instance = await openFile(join(directory, FILE), patience);
    const database = new Database(directory, instance, await connect(instance));
    await database.readers.connect(() => connect(instance));
    return database;
  }

  /** The one connection that writes; its calls are made one after another by the engine. */
  get writer(): DuckDBConnection {
    return this.writing;
  }

  /**
   * Reads on a connection of its own, so that readers never wait for the writer. Ends early, with the reason of the
   * signal, when the request that it is made for is not waited for any more; see `Readers`.
   */
  read(sql: string, values: DuckDBValue[] = []): Promise<Columns> {
    return this.session((read) => read(sql, values));
  }

  /** A short read of the store's own, which waits for no caller's. */
  lookUp(sql: string, values: DuckDBValue[] = []): Promise<Columns> {
    return this.readers.lend('own', (connection) => query(connection, sql, values));
  }

  /** The same, but the answer is handed on in parts of some thousand rows, so that a large one is never there whole. */
  readChunks(sql: string, take: (part: Columns) => void): Promise<void> {
    return this.readers.lend('call', (connection, signal) =>
      endable(connection, signal, () => queryChunks(connection, sql, [], take)),
    );
  }

  /**
   * Several reads on one connection, as a temporary table needs. They use no other one: all of them may be lent to
   * sessions, of which each would wait for the others.
   */
  session<T>(work: (read: Read) => Promise<T>, kind: ReadKind = 'call'): Promise<T> {
    return this.readers.lend(kind, (connection, signal) =>
      work((sql, values = []) => endable(connection, signal, () => query(connection, sql, values))),
    );
  }

  /**
   * Swaps the file for a rewritten one: the only way to give disk back that lies in the middle of a file. Called when
   * nobody writes; reads go on until the swap, and wait for that only.
   */
  async rewrite(): Promise<void> {
    const path = join(this.directory, FILE);
    const fresh = `${path}.rewrite`;
    try {
      await copyDatabase(this.writing, fresh);
      await this.reopen(async () => {
        // Closing folds the log in. One that is left would belong to the old file only, which is then kept.
        if (!(await exists(`${path}.wal`))) {
          await rename(fresh, path);
          await syncFolder(this.directory);
        }
      });
    } finally {
      await rm(fresh, { force: true });
    }
  }

  /**
   * Lets go of the file and opens it again: what DuckDB asks for after a checkpoint that failed. Nothing committed is
   * lost, for it is in the log. `between` runs while nobody has the file open; reads wait.
   */
  async reopen(between: () => Promise<void> = async () => {}): Promise<void> {
    await this.readers.disconnect();
    try {
      this.writing.closeSync();
      this.instance.closeSync();
      await between();
    } finally {
      this.instance = await openFile(join(this.directory, FILE), 10_000);
      this.writing = await connect(this.instance);
      await this.readers.connect(() => connect(this.instance));
    }
  }

  /** Copies everything that is committed into a file of another directory, while reads and writes go on. */
  async backup(directory: string): Promise<void> {
    await mkdir(directory, { recursive: true });
    const path = join(directory, FILE);
    if (await exists(path)) {
      throw new StoreError('invalid_request', `There is a store in ${directory} already; give an empty folder.`);
    }
    try {
      await this.readers.lend('copy', (connection, signal) =>
        endable(connection, signal, () => copyDatabase(connection, `${path}.partial`)),
      );
      await rename(`${path}.partial`, path);
      await syncFolder(directory);
    } finally {
      await rm(`${path}.partial`, { force: true });
    }
  }

  /** Bytes of the database and its log, and bytes free on its disk. */
  async size(): Promise<{ bytes: number; log: number; freeBytes: number }> {
    const path = join(this.directory, FILE);
    const sizes = await Promise.all(
      [path, `${path}.wal`].map((file) =>
        stat(file).then(
          (s) => s.size,
          () => 0,
        ),
      ),
    );
    const disk = await statfs(this.directory);
    return { bytes: (sizes[0] ?? 0) + (sizes[1] ?? 0), log: sizes[1] ?? 0, freeBytes: disk.bavail * disk.bsize };
  }

  async close(): Promise<void> {
    await this.readers.disconnect(true);
    this.writing.closeSync();
    this.instance.closeSync();
  }
}

/** Copies to a new file what is committed at this moment. */
async function copyDatabase(connection: DuckDBConnection, path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.wal`, { force: true });
  // A name of its own, so that two copies at a time do not meet.
  const copy = `copy_${randomBytes(6).toString('hex')}`;
  await connection.run(`ATTACH ${quoted(path)} AS ${copy} ${ATTACH_OPTIONS}`);
  try {
    await connection.run(`COPY FROM DATABASE store TO ${copy}`);
  } finally {
    await connection.run(`DETACH ${copy}`);
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
