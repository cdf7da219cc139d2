import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { damaged } from './damaged';
import { fileSize } from './fileSize';
import { HEADER_BYTES } from './openFile';
import { type Head, hashOf, type Promised } from './PromisedFile';
import { query } from './query';

/** Bytes of the log that are enough to tell it from every other one. */
const LOG_HEAD_BYTES = 4_096;

async function readHead(handle: FileHandle, most: number): Promise<Head> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, 0);
  return { bytes: bytesRead, hash: bytesRead === 0 ? '' : hashOf(buffer.subarray(0, bytesRead)) };
}

/**
 * Reads how the database's file begins. It is read through a handle that is closed after DuckDB has let go of the file:
 * a process that closes any handle of a file gives up its lock on it, and another store could open the folder beside
 * this one.
 */
export const fileHead = (file: FileHandle): Promise<Head> => readHead(file, HEADER_BYTES);

/** Reads how a log begins, which nobody locks; an empty one, or one that is not there, gives no bytes. */
async function headOf(path: string, most: number): Promise<Head> {
  const handle = await open(path).catch(() => undefined);
  return handle ? readHead(handle, most).finally(() => handle.close()) : { bytes: 0, hash: '' };
}

/** Returns how the log begins: as it is known, or read anew while what is known of it is short. */
export async function logHead(path: string, size: number, known: Head): Promise<Head> {
  return known.bytes < LOG_HEAD_BYTES ? headOf(path, Math.min(size, LOG_HEAD_BYTES)) : known;
}

/**
 * Throws `data_damaged` where something was promised, or is in the log, and its file is gone, empty or cut off. It is
 * called before the database is opened, which would make what is missing.
 */
export async function requireFile(path: string, promised: Promised | undefined): Promise<void> {
  const [size, log] = [await fileSize(path), await fileSize(`${path}.wal`)];
  if (size < HEADER_BYTES && (log > 0 || (promised?.position ?? 0) > 0)) {
    const what = size === 0 ? 'is missing or empty' : 'is cut off';
    throw damaged(dirname(path), `${path}, which has the store's data, ${what}.`);
  }
}

/** Throws `data_damaged` where the opened files are not those that were promised. */
export async function requirePromised(
  path: string,
  file: FileHandle,
  promised: Promised | undefined,
  lastPosition: () => Promise<number>,
): Promise<void> {
  const folder = dirname(path);
  if (!promised) {
    return;
  }
  const log = `${path}.wal`;
  // While the file was being changed the log may have been folded in, or not yet.
  if (promised.fileHead) {
    if ((await fileHead(file)).hash !== promised.fileHead.hash) {
      const what = `${path} is not the file that this store wrote last, but an older one or another's.`;
      throw damaged(folder, `${what} If you put a backup there, remove ${basename(log)} and promised beside it.`);
    }
    const { size } = await file.stat();
    if (size < promised.fileBytes) {
      throw damaged(folder, `${path} is cut off: it has ${size} bytes of ${promised.fileBytes}.`);
    }
    const { bytes, hash } = promised.logHead;
    if (bytes > 0 && (await headOf(log, bytes)).hash !== hash) {
      throw damaged(folder, `${log}, the log of what was written last, is missing, damaged or another store's.`);
    }
  }
  const found = await lastPosition();
  if (found < promised.position) {
    const what = `${log} lacks commits that were acknowledged: it ends at ${found}, they at ${promised.position}.`;
    throw damaged(folder, what);
  }
}

/** The position of the last commit: every one leaves it, with its points, its rows or by itself. */
export async function lastPosition(connection: DuckDBConnection): Promise<number> {
  const tables = await query(
    connection,
    `SELECT table_name FROM duckdb_columns() WHERE database_name = 'store' AND column_name = 'position'
     AND (table_name IN ('ends', 'points') OR regexp_full_match(table_name, 'rows_\\d+'))`,
  );
  const parts = tables.at<string>(0).map((table) => `SELECT max(position) AS position FROM ${table}`);
  const { at } = await query(
    connection,
    `SELECT max(position)::DOUBLE FROM (${parts.join(' UNION ALL ') || 'SELECT 0 AS position'})`,
  );
  return at<number | null>(0)[0] ?? 0;
}
