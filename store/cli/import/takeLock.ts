import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';

/** Another import of the same source into the same store is under way. */
export class LockedError extends Error {}

/** Makes a lock file, or takes over one whose process is no more; throws `LockedError` for one that is. */
export function takeLock(path: string): string {
  const own = `${hostname()} ${process.pid}`;
  for (let tried = 0; tried < 2; tried++) {
    try {
      appendFileSync(path, own, { flag: 'ax', mode: 0o600 });
      return path;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw cause;
      }
    }
    const [host, pid] = readFileSync(path, 'utf8').split(' ');
    if (host !== hostname()) {
      throw new LockedError(
        `An import of this folder is under way on ${host}, or was killed there: then remove ${path}.`,
      );
    }
    if (Number(pid) !== process.pid && isAlive(Number(pid))) {
      throw new LockedError(`An import of this folder is under way already (process ${pid}).`);
    }
    rmSync(path, { force: true });
  }
  throw new LockedError(`An import of this folder is under way already (${path}).`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
