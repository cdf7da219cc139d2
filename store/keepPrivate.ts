import { chmod, lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { ENGINE_FILES } from './engine/openEngine';
import type { Log } from './http/Log';

/** Says whether the store makes this in its folder; older versions left it readable for everybody. */
const isOwn = (name: string) => ['wandb', 'media'].includes(name) || ENGINE_FILES.test(name);
const OF_OTHERS = 0o077;
/** The bit in the mode of a folder that many share, such as that for temporary files. */
const STICKY = 0o1000;

/**
 * Takes from everybody but the owner what they may do with a data folder and with what the store made in it; links are
 * not followed. One line of the log tells what is open to others all the same.
 */
export async function keepPrivate(folder: string, log: Log): Promise<void> {
  if (process.platform === 'win32') {
    return;
  }
  const root = await realpath(folder);
  // The folder first: nobody else then changes what is below while it is walked.
  const open = [await close(root)];
  for (const name of (await readdir(root)).filter(isOwn)) {
    open.push(...(await closeAll(join(root, name))));
  }
  const [first, ...more] = open.filter((one) => one !== undefined);
  if (first !== undefined) {
    const what = `${first}${more.length > 0 ? ` and ${more.length} more` : ''}`;
    log({ event: 'open_to_others', message: `Others on this machine may use ${what}; do: chmod -R go= ${root}` });
  }
}

async function closeAll(path: string): Promise<(string | undefined)[]> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats || stats.isSymbolicLink()) {
    return [];
  }
  const inner = stats.isDirectory() ? await readdir(path) : [];
  const below = await Promise.all(inner.map((name) => closeAll(join(path, name))));
  return [await close(path), ...below.flat()];
}

/** Closes a path to others; gives it with its mode where it could not be closed, else undefined. */
async function close(path: string): Promise<string | undefined> {
  const modeOf = async () => ((await lstat(path).catch(() => undefined))?.mode ?? 0) & 0o7777;
  const mode = await modeOf();
  if ((mode & OF_OTHERS) === 0) {
    return undefined;
  }
  if ((mode & STICKY) === 0) {
    await chmod(path, mode & 0o700).catch(() => undefined);
  }
  // Some file systems take a mode, and forget it.
  const left = await modeOf();
  return (left & OF_OTHERS) === 0 ? undefined : `${path} (mode ${left.toString(8)})`;
}
