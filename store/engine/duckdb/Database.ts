import { mkdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { StoreError } from '../../StoreError';
import './exactText';

/** Columns of equal length, as DuckDB's JavaScript values; select `::DOUBLE` where a number is wanted, not a bigint. */
export interface Columns {
  count: number;
  at<T = unknown>(column: number): T[];
}

const FILE = 'runs.duckdb';
const READERS = 4;
/** The log may grow so far before it is folded in while writers wait. */
const CHECKPOINT_THRESHOLD = '16GB';

/** Opens one file; waits up to `patience` ms for the process that has it to let go. */
async function openFile(path: string, patience: number): Promise<DuckDBInstance> {
  const giveUp = Date.now() + patience;
  for (;;) {
    try {
      return await DuckDBInstance.create(path, {
        checkpoint_threshold: CHECKPOINT_THRESHOLD,
        memory_limit: '2GB',
        preserve_insertion_order: 'true',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        // Reads are many and small; more threads than this only wait for each other.
        threads: '4',
      });
    } catch (error) {
      const held = /lock/i.test(String(error));
      if (!held || Date.now() > giveUp) {
        const why = held ? 'another process has it open' : String(error);
        throw new StoreError('unavailable', `The store's folder cannot be opened: ${why} (${path}).`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** One DuckDB file with one writing connection and a few reading ones. */
export class Database {
  private readonly idle: DuckDBConnection[] = [];
  private readonly waiting: Array<(connection: DuckDBConnection) => void> = [];

  private constructor(
    readonly directory: string,
    private instance: DuckDBInstance,
    private writing: DuckDBConnection,
  ) {}

  static async open(directory: string, patience = 10_000): Promise<Database> {
    await mkdir(directory, { recursive: true });
    const instance = await openFile(join(directory, FILE), patience);
    const database = new Database(directory, instance, await instance.connect());
    await database.connectReaders();
    return database;
  }

  private async connectReaders(): Promise<void> {
    for (let i = 0; i < READERS; i++) {
      this.idle.push(await this.instance.connect());
    }
  }

  /** The one connection that writes; its calls are made one after another by the engine. */
  get writer(): DuckDBConnection {
    return this.writing;
  }

  private acquire(): Promise<DuckDBConnection> {
    const connection = this.idle.pop();
    return connection ? Promise.resolve(connection) : new Promise((resolve) => this.waiting.push(resolve));
  }

  private release(connection: DuckDBConnection): void {
    const next = this.waiting.shift();
    if (next) {
      next(connection);
    } else {
      this.idle.push(connection);
    }
  }

  /** Reads on a connection of its own, so that readers never wait for the writer. */
  async read(sql: string, values: DuckDBValue[] = []): Promise<Columns> {
    const connection = await this.acquire();
    try {
      return await query(connection, sql, values);
    } finally {
      this.release(connection);
    }
  }

  /** Swaps the file for a rewritten one: the only way to give disk back that lies in the middle of a file. */
  async rewrite(): Promise<void> {
    const held = await Promise.all(Array.from({ length: READERS }, () => this.acquire()));
    const path = join(this.directory, FILE);
    const fresh = `${path}.rewrite`;
    try {
      await rm(fresh, { force: true });
      await copyDatabase(this.writing, fresh);
      for (const connection of [...held, this.writing]) {
        connection.closeSync();
      }
      this.instance.closeSync();
      await rename(fresh, path);
      await rm(`${path}.wal`, { force: true });
    } finally {
      await rm(fresh, { force: true });
    }
    this.instance = await openFile(path, 10_000);
    this.writing = await this.instance.connect();
    for (let i = 0; i < READERS; i++) {
      this.release(await this.instance.connect());
    }
  }

  /** Copies everything that is committed into a file of another directory, while reads and writes go on. */
  async backup(directory: string): Promise<void> {
    await mkdir(directory, { recursive: true });
    const connection = await this.acquire();
    try {
      await copyDatabase(connection, join(directory, FILE));
    } finally {
      this.release(connection);
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

  close(): void {
    for (const connection of this.idle) {
      connection.closeSync();
    }
    this.writing.closeSync();
    this.instance.closeSync();
  }
}

/** Runs one statement and reads all of its answer. */
export async function query(connection: DuckDBConnection, sql: string, values: DuckDBValue[] = []): Promise<Columns> {
  const reader = await connection.runAndReadAll(sql, values);
  const columns = reader.getColumnsJS();
  return { count: reader.currentRowCount, at: <T>(column: number) => (columns[column] ?? []) as T[] };
}

async function copyDatabase(connection: DuckDBConnection, path: string): Promise<void> {
  const { at } = await query(connection, 'SELECT current_database()');
  const target = path.replaceAll("'", "''");
  await connection.run(`ATTACH '${target}' AS copy_target`);
  try {
    await connection.run(`COPY FROM DATABASE "${at<string>(0)[0]}" TO copy_target`);
  } finally {
    await connection.run('DETACH copy_target');
  }
}
