import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Finding, ok, problem, warning } from './Finding';

/** File systems by the magic number of Linux, and what they mean for a data folder. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x65735546, 'FUSE'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x01021997, '9p'],
  [0x47504653, 'GPFS'],
  [0x5346414f, 'AFS'],
]);
const PASSING: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'memory (tmpfs), and gone when the machine stops'],
  [0x794c7630, 'a layer of a container (overlay), and gone with the container'],
]);
const LITTLE = 2 * 1024 ** 3;
const TOO_LITTLE = 256 * 1024 ** 2;

/** Checks whether a store could have its data there: writable, with room, on a disk that keeps what it took. */
export async function checkDataFolder(folder: string): Promise<Finding[]> {
  const path = resolve(folder);
  const made = existsSync(path);
  let place = path;
  while (!existsSync(place)) {
    place = dirname(place);
  }
  if (!(await stat(place)).isDirectory()) {
    return [problem('data', `${place} is a file, not a folder.`, 'Give --data another folder.')];
  }
  return [await writable(path, place, made), ...(await disk(place))];
}

async function writable(path: string, place: string, made: boolean): Promise<Finding> {
  const file = join(place, `.rolloscope-doctor-${randomUUID()}`);
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle
      .writeFile('written by rolloscope-store doctor')
      .then(() => handle.sync())
      .finally(() => handle.close());
    return ok('data', made ? `${path} can be written to.` : `${path} is not there yet, and can be made.`);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return problem(
      'data',
      `${place} cannot be written to: ${message.split(',')[0]}.`,
      'Give the folder to the user that runs the store (chown), or choose another with --data.',
    );
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

async function disk(place: string): Promise<Finding[]> {
  const { bavail, bsize, type } = await statfs(place);
  const free = bavail * bsize;
  const network = NETWORK.get(type);
  const passing = PASSING.get(type);
  const kind =
    network !== undefined
      ? warning(
          'file system',
          `${place} is on a network file system (${network}): commits wait for it, and locks may not hold.`,
          'Put the data on a local disk, and backups on the network.',
        )
      : passing !== undefined
        ? warning('file system', `${place} is in ${passing}.`, 'Mount a disk or a volume, and give it as --data.')
        : ok('file system', `${place} is on a local disk.`);
  return [roomOf(free), kind];
}

/** Room for what a store is to take; the store itself refuses writes shortly before the end. */
export function roomOf(free: number): Finding {
  const said = `${(free / 1024 ** 3).toFixed(1)} GB are free.`;
  const advice = 'Make room, let runs end with --retain, or delete some.';
  if (free < TOO_LITTLE) {
    return problem('disk', `${said} The store takes nothing any more on a full disk.`, advice);
  }
  return free < LITTLE ? warning('disk', said, advice) : ok('disk', said);
}
