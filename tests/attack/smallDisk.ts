import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real disk of its own, that can be filled to its last byte. */
export interface SmallDisk {
  folder: string;
  freeBytes(): number;
  /** Fills it as another program would, but for so many bytes. */
  fill(left?: number): void;
  /** Removes what `fill` wrote. */
  clear(): void;
  remove(): void;
}

/** Needs to be root where a tmpfs may be mounted, and says so. */
export function smallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'rolloscope-disk-'));
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', folder];
  try {
    execFileSync('mount', options, { stdio: 'pipe' });
  } catch (cause) {
    rmSync(folder, { recursive: true });
    const reason = String((cause as { stderr?: Buffer }).stderr ?? cause).trim();
    throw new Error(`Tests of a full disk mount a tmpfs, for which they have to be root on Linux: ${reason}`);
  }
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  const filler = join(folder, 'filler');
  return {
    folder,
    freeBytes,
    fill(left = 0) {
      const piece = Buffer.alloc(64 * 1024, 1);
      for (let size = piece.length; size >= 4_096; ) {
        if (freeBytes() - size < left) {
          size /= 2;
          continue;
        }
        try {
          writeFileSync(filler, piece.subarray(0, size), { flag: 'a' });
        } catch (cause) {
          // Whose disk it is may have been faster.
          if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') {
            throw cause;
          }
          size /= 2;
        }
      }
    },
    clear: () => rmSync(filler, { force: true }),
    remove() {
      execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
