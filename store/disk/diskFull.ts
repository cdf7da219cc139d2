import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../StoreError';

/** Says whether something failed for want of room, or of what its user may have: Node has codes, others words. */
export function isDiskFull(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: string };
  const isWords = /no space left|disk full|quota exceeded|could not write/i.test(String(error));
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'disk_full' || isWords;
}

/** Does `work`, if there is room for it: a disk that is full is told once, as the storage's trouble. */
export const unlessFull = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error) => {
    if (!isDiskFull(error)) {
      throw error;
    }
  });

/** Makes the error that says how full a disk is and what to do. `needed`: bytes below which nothing is written. */
export function diskFull(free: number | undefined, needed?: number): StoreError {
  const facts = [
    ...(free === undefined ? [] : [`${megabytes(free)} are free`]),
    ...(needed === undefined ? [] : [`nothing is written below ${megabytes(needed)}`]),
  ].join(', and ');
  const what = `The store's disk is full${facts && `: ${facts}`}.`;
  return new StoreError('disk_full', `${what} Delete runs or free some room on the disk, and retry.`);
}

/** The same for a failure that is known to be of that kind, of a file in `folder`, or of one that it names itself. */
export function diskFullBy(error: unknown, folder?: string): StoreError {
  const named = (error as NodeJS.ErrnoException).path ?? /file "([^"]+)"/.exec(String(error))?.[1];
  return error instanceof StoreError ? error : diskFull(freeOf(folder ?? (named && dirname(named))));
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MB`;

function freeOf(folder: string | undefined): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder ?? '');
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
