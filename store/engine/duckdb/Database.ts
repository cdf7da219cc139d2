import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { StoreError } from '../../StoreError';
import { interruptible } from './interruptible';
import { fileHead, logHead } from './lookAtFiles';
import { ATTACH_OPTIONS, DEFAULTS, type OpenOptions, openFile, quoted, sizeOf } from './openFile';
import { connect, expectedOf, FILE, openFolder, PROMISED } from './openFolder';
import { NOTHING, PromisedFile } from './PromisedFile';
import { type Columns, query, queryChunks } from './query';
import { Readers, type ReadKind } from './Readers';
import { removeSpills, spillLimit } from './spill';
import './exactText';

/** One statement, and all of its answer. */
export type Read = (sql: string, values?: DuckDBValue[]) => Promise<Columns>;

/**
 * Bytes to be free beside the size of the log: folding it in takes about its size and a few row groups. A checkpoint
 * that runs out of room would cost a reopening; deletes go on, since they are what makes room.
 */
export const RESERVE_BYTES = 64 * 1024 * 1024;

const endable = <T>(connection: DuckDBConnection, signal: AbortSignal | undefined, run: () => Promise<T>) =>
  signal ? interruptible(connection, signal, run) : run();

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
    /** See `fileHead`. */
    private file: FileHandle,
    private readonly promised: PromisedFile,
    private readonly options: OpenOptions,
  ) {}

  /** Throws `unavailable` for a folder that another process keeps, and `data_damaged`; it is left as it is then. */
  static async open(directory: string, given: Partial<OpenOptions> = {}): Promise<Database> {
    const options = { ...DEFAULTS, ...given };
    await mkdir(directory, { recursive: true });
    const { instance, connection, file, promised: before } = await openFolder(directory, options);
    const path = join(directory, FILE);
    const log = before?.fileHead ? before : { log: await sizeOf(`${path}.wal`), logHead: NOTHING.logHead };
    const now = { ...NOTHING, ...before, ...log, fileHead: await fileHead(file), fileBytes: await sizeOf(path) };
    const promised = PromisedFile.create(join(directory, PROMISED), now);
    const database = new Database(directory, instance, connection, file, promised, options);
    await database.readers.connect(() => connect(instance));
    await database.boundSpill();
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
  session<T>(work: (read: Read, signal?: AbortSignal) => Promise<T>, kind: ReadKind = 'call'): Promise<T> {
    return this.readers.lend(kind, (connection, signal) =>
      work((sql, values = []) => endable(connection, signal, () => query(connection, sql, values)), signal),
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
      await this.checkpoint();
      await copyDatabase(this.writing, fresh);
      await this.changing(() =>
        this.reopen(async () => {
          // A log that is left would belong to the old file only, which is then kept.
          if (!(await exists(`${path}.wal`))) {
            await rename(fresh, path);
            await syncFolder(this.directory);
          }
        }),
      );
    } finally {
      await rm(fresh, { force: true });
    }
  }

  /** Folds the log into the file; called between commits. */
  async checkpoint(): Promise<void> {
    await this.changing(() => this.writing.run('CHECKPOINT store'));
    await this.boundSpill();
  }

  /** While the file is being changed it may begin in either way, should the process end. */
  private async changing(work: () => Promise<unknown>): Promise<void> {
    await this.promised.keep({ fileHead: null }, true);
    try {
      await work();
    } finally {
      const path = join(this.directory, FILE);
      const log = await sizeOf(`${path}.wal`);
      const isFolded = log < this.promised.promised.log;
      const state = {
        fileHead: await fileHead(this.file),
        fileBytes: await sizeOf(path),
        ...(isFolded && { log, logHead: NOTHING.logHead }),
      };
      await this.promised.keep(state, true);
    }
  }

  /** Notes that what was committed up to a position is promised from now on. */
  async promise(position: number): Promise<void> {
    const path = `${join(this.directory, FILE)}.wal`;
    const log = await sizeOf(path);
    const head = await logHead(path, log, this.promised.promised.logHead);
    // What was promised before stays true if this fails; the commit is as durable as it was.
    await this.promised.keep({ position, log, logHead: head }).catch(() => undefined);
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
      await this.file.close();
      await between();
    } finally {
      const expected = async () => expectedOf(this.promised.promised);
      this.instance = await openFile(join(this.directory, FILE), this.options, expected);
      this.writing = await connect(this.instance);
      this.file = await open(join(this.directory, FILE));
      await this.readers.connect(() => connect(this.instance));
      await this.boundSpill();
    }
  }

  /** As the disk is now. */
  private async boundSpill(): Promise<void> {
    const { freeBytes } = await this.size();
    // Refused while more than that is spilled; the next checkpoint sets it then.
    await this.writing
      .run(`SET GLOBAL max_temp_directory_size = '${spillLimit(freeBytes, RESERVE_BYTES)}B'`)
      .catch(() => undefined);
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
    const [file, log, disk] = await Promise.all([sizeOf(path), sizeOf(`${path}.wal`), statfs(this.directory)]);
    return { bytes: file + log, log, freeBytes: disk.bavail * disk.bsize };
  }

  async close(): Promise<void> {
    await this.readers.disconnect(true);
    this.writing.closeSync();
    await removeSpills(join(this.directory, FILE));
    this.instance.closeSync();
    await this.file.close();
    this.promised.close();
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
    await connection.run(`CHECKPOINT ${copy}`);
  } finally {
    await connection.run(`DETACH ${copy}`);
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
