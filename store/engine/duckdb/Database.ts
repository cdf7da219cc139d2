import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { diskFullBy, isDiskFull } from '../../disk/diskFull';
import { StoreError } from '../../StoreError';
import type { ReadOptions } from '../ReadOptions';
import { DiskRoom, freeOnDisk, RESERVE_BYTES, reserveFor } from './DiskRoom';
import { fileSize } from './fileSize';
import { Idleness } from './Idleness';
import { LastLook } from './LastLook';
import { fileHead, logHead } from './lookAtFiles';
import { ATTACH_OPTIONS, DEFAULTS, type OpenOptions, openFile } from './openFile';
import { connect, connectWriter, expectedOf, FILE, openFolder, PROMISED } from './openFolder';
import { NOTHING, type Promised, PromisedFile } from './PromisedFile';
import { Readers } from './Readers';
import { endable, Reads } from './Reads';
import { removeSpills, spillLimit } from './spill';
import { textSql } from './textSql';
import { CommitFailed } from './transaction';
import './exactText';

const RETRY_SECONDS = 2;
/** Milliseconds without use after which what is cached is let go of. */
const REST_MS = 10_000;
/** Shares of the cache, one of which is left then: the first that is enough for what cannot be let go of. */
const LEFT = [1 / 8, 1 / 4, 1 / 2];

/** A rename is durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}

/** One DuckDB file with one writing connection and a few reading ones. */
export class Database extends Reads {
  private lost: StoreError | undefined;

  private constructor(
    readonly directory: string,
    private instance: DuckDBInstance,
    private writing: DuckDBConnection,
    /** See `fileHead`. */
    private file: FileHandle,
    private readonly promised: PromisedFile,
    private readonly openOptions: OpenOptions,
    /** The room on its disk. */
    readonly room: DiskRoom,
  ) {
    super(new Readers(), new Idleness(openOptions.restAfter ?? REST_MS));
  }

  /** Throws `unavailable` for a folder that another process keeps, and `data_damaged`; it is left as it is then. */
  static async open(directory: string, given: Partial<OpenOptions> = {}): Promise<Database> {
    const options = { ...DEFAULTS, ...given };
    await mkdir(directory, { recursive: true });
    const { instance, connection, file, promised: before } = await openFolder(directory, options);
    const path = join(directory, FILE);
    const log = before?.fileHead ? before : { log: await fileSize(`${path}.wal`), logHead: NOTHING.logHead };
    const now = { ...NOTHING, ...before, ...log, fileHead: await fileHead(file), fileBytes: await fileSize(path) };
    const promised = await promiseFile(join(directory, PROMISED), now, { instance, connection, file });
    const room = new DiskRoom(directory, options.readFree);
    await room.look();
    const database = new Database(directory, instance, connection, file, promised, options, room);
    await database.readers.connect(() => connect(instance));
    await database.boundSpill();
    return database;
  }

  private readonly blocksLook = new LastLook(() => this.lookAtBlocks());

  /** The one connection that writes; its calls are made one after another by the engine. */
  get writer(): DuckDBConnection {
    if (this.lost) {
      throw this.lost;
    }
    return this.writing;
  }

  /** Returns the damage that was found while the file was open. */
  get damage(): StoreError | undefined {
    return this.readers.damage;
  }

  /** A failure as the contract names it; whether it is damage is remembered. */
  told(error: unknown): unknown {
    return this.readers.told(error);
  }

  /** Says why the file is not open: it had to be closed, and could not be opened again. Undefined when all is well. */
  get trouble(): StoreError | undefined {
    return this.lost;
  }

  /** The same reads on behalf of somebody. */
  readsFor(options: ReadOptions): Reads {
    return new Reads(this.readers, this.idleness, options);
  }

  /**
   * Lets go of what is cached once nobody asked for anything for a while: it is in the system's cache, too, which others
   * may have. To be called every second or so.
   */
  async rest(): Promise<void> {
    await this.idleness.look(() =>
      this.readers.lend('own', async (connection) => {
        const limit = (bytes: number) =>
          connection.run(`SET GLOBAL memory_limit = '${Math.round(bytes / 2 ** 20)}MiB'`);
        const { cache } = this.openOptions;
        try {
          for (const left of LEFT) {
            // It is refused, and nothing let go of for good, while more than that is in use.
            const isEnough = await limit(cache * left).then(
              () => true,
              () => false,
            );
            if (isEnough) {
              return;
            }
          }
        } finally {
          await limit(cache);
        }
      }),
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
      await removeCopy(fresh);
    }
  }

  /** Folds the log into the file; called between commits. */
  async checkpoint(): Promise<void> {
    await this.changing(() => this.writer.run('CHECKPOINT store'));
    await this.boundSpill();
  }

  /** Runs `work`, which changes the file: meanwhile it may begin in either way, should the process end. */
  private async changing(work: () => Promise<unknown>): Promise<void> {
    await this.promised.keep({ fileHead: null }, true);
    try {
      await this.blocksLook.without(work);
    } finally {
      const path = join(this.directory, FILE);
      const log = await fileSize(`${path}.wal`);
      const isFolded = log < this.promised.promised.log;
      const state = {
        fileHead: await fileHead(this.file),
        fileBytes: await fileSize(path),
        ...(isFolded && { log, logHead: NOTHING.logHead }),
      };
      await this.promised.keep(state, true);
    }
  }

  /** Notes that what was committed up to a position, by default up to the last one, is promised from now on. */
  async promise(position = this.promised.promised.position): Promise<void> {
    const path = `${join(this.directory, FILE)}.wal`;
    // The log is looked at in this turn: what is awaited comes back in a later round of the event loop, and every
    // commit waits for this.
    const log = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const head = await logHead(path, log, this.promised.promised.logHead);
    // What was promised before stays true if this fails; the commit is as durable as it was.
    await this.promised.keep({ position, log, logHead: head }).catch(() => undefined);
  }

  /**
   * Lets go of the file and opens it again: what DuckDB asks for after a checkpoint that failed. Nothing committed is
   * lost, for it is in the log. `between` runs while nobody has the file open; reads wait. Throws why it cannot be opened,
   * as everything does from then on, until `openAgain` can.
   */
  async reopen(between: () => Promise<void> = async () => {}): Promise<void> {
    await this.readers.disconnect();
    try {
      this.writing.closeSync();
      this.instance.closeSync();
      await this.file.close();
      await between();
    } finally {
      await this.openAgain();
    }
  }

  /** The same after a commit that failed: what of it may be in the log is taken away, since its caller is told that it is not. */
  private async reopenWithout(): Promise<void> {
    const log = `${join(this.directory, FILE)}.wal`;
    const told = this.promised.promised.log;
    await this.reopen(async () => {
      if ((await fileSize(log)) > told) {
        await (told === 0 ? rm(log) : truncate(log, told));
      }
    });
  }

  /** After a failure that DuckDB cannot go on from, the file is opened again. */
  async goOnAfter(error: unknown): Promise<void> {
    if (error instanceof CommitFailed) {
      await this.reopenWithout();
    } else if (/invalidated/i.test(String(error))) {
      await this.reopen();
    }
  }

  /** Opens the file that was closed. Throws why it cannot be. */
  async openAgain(): Promise<void> {
    const path = join(this.directory, FILE);
    const made: Array<() => void | Promise<void>> = [];
    try {
      const instance = await openFile(path, this.openOptions, async () => expectedOf(this.promised.promised));
      made.push(() => instance.closeSync());
      const writing = await connectWriter(instance);
      made.push(() => writing.closeSync());
      const file = await open(path);
      made.unshift(() => file.close());
      this.readers.refuse(undefined);
      await this.readers.connect(() => connect(instance));
      [this.instance, this.writing, this.file] = [instance, writing, file];
      this.lost = undefined;
    } catch (cause) {
      this.lost = cannotOpen(cause, this.directory);
      this.readers.refuse(this.lost);
      await this.readers.disconnect();
      for (const undo of made.reverse()) {
        await undo();
      }
      throw this.lost;
    }
    await this.boundSpill();
  }

  /** Bounds what may be spilled by what is free on the disk now. */
  private async boundSpill(): Promise<void> {
    const freeBytes = await this.room.onDisk();
    // It is refused while more than that is spilled; the next checkpoint sets it then.
    await this.writing
      .run(`SET GLOBAL max_temp_directory_size = '${spillLimit(freeBytes, RESERVE_BYTES)}B'`)
      .catch(() => undefined);
  }

  /** Copies everything that is committed into a file of another directory, while reads and writes go on. */
  async backup(directory: string, files: { bytes: number; copy(): Promise<void> }): Promise<void> {
    await mkdir(directory, { recursive: true });
    const path = join(directory, FILE);
    if (await exists(path)) {
      throw new StoreError('invalid_request', `There is a store in ${directory} already; give an empty folder.`);
    }
    await this.requireRoomFor(directory, files.bytes);
    try {
      await this.lend('copy', (connection, signal) =>
        endable(connection, signal, () => copyDatabase(connection, `${path}.partial`)),
      );
      await files.copy();
      await rename(`${path}.partial`, path);
      await syncFolder(directory);
    } catch (cause) {
      throw isDiskFull(cause) ? backupFull(directory, await freeOnDisk(directory)) : cause;
    } finally {
      await removeCopy(`${path}.partial`);
    }
  }

  /** Throws `disk_full` where a copy and so many bytes more would fill a folder's disk, or take from the store's reserve. */
  private async requireRoomFor(directory: string, more: number): Promise<void> {
    const { total = 0, free: unused = 0, bytes = 0 } = (await this.blocks()) ?? {};
    const { log } = await this.size();
    const live = (total - unused) * bytes;
    const isSameDisk = (await stat(directory)).dev === (await stat(this.directory)).dev;
    const free = await (isSameDisk ? this.room.onDisk() : freeOnDisk(directory));
    const needed = live + log + more;
    if (free < needed + (isSameDisk ? reserveFor(live) + log : 0)) {
      throw backupFull(directory, free, needed);
    }
  }

  /**
   * Returns the blocks of the file: as of the last look while the file is being changed, since such a look would wait
   * for the end of that. Returns undefined while it is closed.
   */
  async blocks(): Promise<Blocks | undefined> {
    return this.lost ? undefined : this.blocksLook.take();
  }

  private async lookAtBlocks(): Promise<Blocks> {
    const { at } = await this.lookUp(
      `SELECT total_blocks::DOUBLE, free_blocks::DOUBLE, block_size::DOUBLE
       FROM pragma_database_size() WHERE database_name = 'store'`,
    );
    const [total = 0, free = 0, bytes = 0] = [0, 1, 2].map((column) => at<number>(column)[0] ?? 0);
    return { total, free, bytes };
  }

  /** Bytes of the database and its log, and bytes free on its disk. */
  async size(): Promise<{ bytes: number; log: number; freeBytes: number }> {
    const path = join(this.directory, FILE);
    const [file, log, freeBytes] = await Promise.all([fileSize(path), fileSize(`${path}.wal`), this.room.onDisk()]);
    return { bytes: file + log, log, freeBytes };
  }

  async close(): Promise<void> {
    await this.readers.disconnect(true);
    if (!this.lost) {
      this.writing.closeSync();
      await removeSpills(join(this.directory, FILE));
      this.instance.closeSync();
      await this.file.close();
    }
    this.promised.close();
  }
}

/** Blocks of the file: how many it has, how many of them are free to be written again, and bytes of one. */
interface Blocks {
  total: number;
  free: number;
  bytes: number;
}

/** Where it cannot be written, what was opened is closed. */
async function promiseFile(
  path: string,
  promised: Promised,
  opened: { instance: DuckDBInstance; connection: DuckDBConnection; file: FileHandle },
): Promise<PromisedFile> {
  try {
    return PromisedFile.create(path, promised);
  } catch (cause) {
    opened.connection.closeSync();
    opened.instance.closeSync();
    await opened.file.close();
    throw cause;
  }
}

function cannotOpen(cause: unknown, directory: string): StoreError {
  if (isDiskFull(cause)) {
    return diskFullBy(cause, directory);
  }
  const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
  const code = cause instanceof StoreError ? cause.code : 'unavailable';
  const what = `The store had to close its database and cannot open it again: ${reason}`;
  return new StoreError(code, `${what} It is tried every second.`, RETRY_SECONDS);
}

function backupFull(directory: string, free: number, needed?: number): StoreError {
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MB`;
  const facts = `${megabytes(free)} are free${needed === undefined ? '' : `, and it takes ${megabytes(needed)}`}`;
  const what = `There is no room for the backup in ${directory}: ${facts}`;
  return new StoreError('disk_full', `${what}, beside what the store keeps free. Choose another disk.`);
}

async function removeCopy(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.wal`, { force: true });
}

/** Copies to a new file what is committed at this moment. */
async function copyDatabase(connection: DuckDBConnection, path: string): Promise<void> {
  await removeCopy(path);
  // A name of its own, so that two copies at a time do not meet.
  const copy = `copy_${randomBytes(6).toString('hex')}`;
  await connection.run(`ATTACH ${textSql(path)} AS ${copy} ${ATTACH_OPTIONS}`);
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
