import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isDiskFull } from '../../disk/diskFull';

const folderOf = (path: string) => `${path}.tmp`;

/**
 * A folder beside the database's file, for what does not fit into its memory while it sorts and joins. Each opening has
 * one of its own: the process before may still be using the other. Undefined on a disk that is full to its last byte:
 * then nothing is spilled.
 */
export async function newSpill(path: string): Promise<string | undefined> {
  try {
    await mkdir(folderOf(path), { recursive: true, mode: 0o700 });
  } catch (cause) {
    if (isDiskFull(cause)) {
      return undefined;
    }
    throw cause;
  }
  return join(folderOf(path), randomBytes(6).toString('hex'));
}

/** Removes what killed processes left. For whoever has the file open: nobody else has one of these folders then. */
export async function removeOtherSpills(own: string): Promise<void> {
  const others = (await readdir(dirname(own))).filter((name) => name !== basename(own));
  await Promise.all(others.map((name) => rm(join(dirname(own), name), { recursive: true, force: true })));
}

/** Bytes that may be spilled: half of what is free beyond the reserve, so that reads never stop what is logged. */
export const spillLimit = (freeBytes: number, reserve: number): number =>
  Math.max(0, Math.floor((freeBytes - reserve) / 2));

/** Removes all of them, for whoever has the file open and is about to close it. */
export const removeSpills = (path: string): Promise<void> => rm(folderOf(path), { recursive: true, force: true });
