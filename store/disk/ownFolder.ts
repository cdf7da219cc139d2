import { createHash } from 'node:crypto';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../StoreError';

/** A run as files are kept of it: one that was deleted and made again is another one. */
export interface RunOfFile {
  id: string;
  key?: string | undefined;
}

/** The name of a run's files: a hash, never what a client calls it. */
export const hashOfRun = ({ id, key }: RunOfFile) => hashOfText(JSON.stringify([id, key]));
export const hashOfText = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Throws `unavailable` where a folder of the store is a link that leads out of its data folder. */
export async function requireInside(folder: string, data: string): Promise<void> {
  const real = await realpath(folder).catch(() => undefined);
  const root = await realpath(data);
  if (real !== undefined && !real.startsWith(`${root}/`) && !real.startsWith(`${root}\\`)) {
    throw new StoreError('unavailable', `${folder} leads out of the data folder; put a folder there.`);
  }
}

/** Regular files alone; links are no files of the store's. */
export async function filesIn(folder: string): Promise<Array<{ name: string; size: number }>> {
  const names = await readdir(folder).catch(() => []);
  const all = await Promise.all(names.map(async (name) => ({ name, stats: await statOf(join(folder, name)) })));
  return all.flatMap(({ name, stats }) => (stats?.isFile() ? [{ name, size: stats.size }] : []));
}

const statOf = (path: string) => lstat(path).catch(() => undefined);

/** Makes sure that what was made or removed in a folder is so after a power cut, too. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform !== 'win32') {
    const handle = await open(folder);
    await handle.sync().finally(() => handle.close());
  }
}
