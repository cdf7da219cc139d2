import { rm, truncate } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { diskFullBy, isDiskFull } from '../../disk/diskFull';
import { StoreError } from '../../StoreError';
import type { ReadFree } from './DiskRoom';
import { damaged, damageIn } from './damaged';
import { fileSize } from './fileSize';
import { newSpill, removeOtherSpills } from './spill';
import { textSql } from './textSql';

/**
 * A checkpoint writes every row group anew that got rows. At DuckDB's default of 122,880 rows that is more than a
 * gigabyte of texts, and writers wait for it; reads over small groups were measured to be as fast.
 */
const ROW_GROUPS = 'ROW_GROUP_SIZE 4096';
/**
 * Until a checkpoint every column that got a row takes two blocks of memory, however little is in them: at DuckDB's
 * default of 256 KB one row of a table of 500 texts took half a gigabyte. Reads were measured to be as fast.
 */
export const BLOCK_BYTES = 32_768;

/** Options of a file that is to be made; one that is there keeps the blocks that it was made with. */
export const ATTACH_OPTIONS = `(${ROW_GROUPS}, BLOCK_SIZE ${BLOCK_BYTES})`;
/** Never reached: when the log is folded in is decided by `Upkeep`, not in the middle of a commit. */
const CHECKPOINT_THRESHOLD = '1TB';

/** Bytes of the database's file that every checkpoint writes anew. Its blocks come behind. */
export const HEADER_BYTES = 3 * 4_096;

/** The facts that are known of the files before they are opened. */
interface Expected {
  /** Bytes of the log, as far as anybody was told of them. */
  log: number;
  /** Somebody was told of something, so there is a whole file. */
  isSomething: boolean;
}

export interface OpenOptions {
  /** Milliseconds for which a process that has the file is waited for. */
  patience: number;
  /** Bytes of memory for the database: of its cache, and of what it sorts and joins. */
  cache: number;
  /** Milliseconds without use after which it lets go of what it caches. */
  restAfter?: number;
  /** Reads what is free on the disk, where it is not the disk that is asked. */
  readFree?: ReadFree;
}

/** The defaults, by measurement; see `docs/decisions/storage.md`. */
export const DEFAULTS: OpenOptions = { patience: 10_000, cache: 512 * 2 ** 20 };

/**
 * Opens one file as the database `store`; waits up to `patience` ms for the process that has it to let go. Nothing is
 * written by opening, and what is in the log is read. `expected` is undefined where nothing is known.
 * Throws `unavailable` and `data_damaged`.
 */
export async function openFile(
  path: string,
  { patience, cache }: OpenOptions,
  expected: () => Promise<Expected | undefined>,
): Promise<DuckDBInstance> {
  // The size of row groups can be given to an attached file only, so what is opened at first is in memory, and empty.
  const instance = await DuckDBInstance.create(':memory:', {
    checkpoint_threshold: CHECKPOINT_THRESHOLD,
    memory_limit: `${Math.round(cache / 2 ** 20)}MiB`,
    temp_directory: '',
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Reads are many and small; more threads than this only wait for each other. Whoever runs a statement is one of them,
    // and waits for the others without rest: with more threads than cores, for as long as it takes from these.
    threads: String(Math.min(4, availableParallelism())),
  });
  const connection = await instance.connect();
  try {
    // A file that is found to be damaged is let go of as it is.
    await connection.run('PRAGMA disable_checkpoint_on_shutdown');
    let spill: string | undefined;
    const spilling = async () => {
      spill = await newSpill(path);
      if (spill !== undefined) {
        await connection.run(`SET GLOBAL temp_directory = ${textSql(spill)}`);
      }
    };
    // This is not done before it must be: a folder that is refused is left as it is.
    await attach(connection, path, performance.now() + patience, expected, spilling);
    if (spill === undefined) {
      await spilling();
    }
    if (spill !== undefined) {
      await removeOtherSpills(spill);
    }
    connection.closeSync();
    return instance;
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
}

async function attach(
  connection: DuckDBConnection,
  path: string,
  giveUp: number,
  expected: () => Promise<Expected | undefined>,
  spilling: () => Promise<void>,
): Promise<void> {
  for (let isSpilling = false; ; ) {
    try {
      const options = (await fileSize(path)) === 0 ? ATTACH_OPTIONS : `(${ROW_GROUPS})`;
      await connection.run(`ATTACH ${textSql(path)} AS store ${options}`);
      return;
    } catch (error) {
      const isHeld = /set lock on file/i.test(String(error));
      if (isHeld && performance.now() > giveUp) {
        throw new StoreError(
          'unavailable',
          `The store's folder cannot be opened: another process has it open (${path}).`,
        );
      }
      if (isHeld) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      } else if (isOutOfMemory(error) && !isSpilling) {
        // What was committed in many parts is in the log as a whole, and all of it is read at once.
        isSpilling = true;
        await spilling();
      } else if (!(await removeUnanswered(path, error, await expected()))) {
        throw failure(path, error);
      }
    }
  }
}

/**
 * Takes away what nobody was told of, so that it cannot be opened: a file whose making was cut short, and, since a machine
 * that lost power may leave anything there, the end of the log. False where there is nothing of that kind.
 */
async function removeUnanswered(path: string, error: unknown, expected: Expected | undefined): Promise<boolean> {
  const [size, log] = [await fileSize(path), await fileSize(`${path}.wal`)];
  if (size < HEADER_BYTES && log === 0 && !expected?.isSomething && damageIn(error) !== undefined) {
    await rm(path);
    return true;
  }
  if (/replaying wal/i.test(String(error)) && expected && log > expected.log) {
    await truncate(`${path}.wal`, expected.log);
    return true;
  }
  return false;
}

const isOutOfMemory = (error: unknown) => /out of memory|could not allocate/i.test(String(error));

function failure(path: string, error: unknown): StoreError {
  if (isDiskFull(error)) {
    return diskFullBy(error, dirname(path));
  }
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  if (isOutOfMemory(error)) {
    const message = 'The log of what was written last needs more memory than the database has';
    return new StoreError('unavailable', `${message}; start the store with a larger --cache. ${reason} (${path}).`);
  }
  if (/replaying wal/i.test(reason)) {
    return damaged(dirname(path), `${path}.wal, the log of what was written last, is damaged: ${reason}.`);
  }
  if (damageIn(error) !== undefined) {
    return damaged(dirname(path), `${path} is damaged, or no database of this store: ${reason}.`);
  }
  return new StoreError('unavailable', `The store's folder cannot be opened: ${reason} (${path}).`);
}
