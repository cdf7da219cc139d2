import { type Stats, statSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';

/** A file as it was seen at one moment. */
export interface SeenFile {
  /** The absolute path. */
  path: string;
  /** The path below the folder that was given, or the name of the file that was given. */
  below: string;
  size: number;
  modified: number;
  /** Device and inode: the same file under another name. */
  id: string;
}

export interface Scan {
  files: SeenFile[];
  /** Links, which are never followed: what they point to may be outside the folder. */
  links: number;
  /** Folders that cannot be looked into: for want of a permission, or since their paths are too long. */
  closed: number;
  /** Newest modification of any file, epoch milliseconds. */
  newest: number;
  /** Oldest one; now, where there is no file. */
  oldest: number;
  /** A mark of all files: another one when any of them was written to, whatever the clock said then. */
  mark: number;
}

const MAX_FILES = 200_000;
/** Folders that have nothing to import and may have many files. */
const SKIPPED = new Set(['.git', 'node_modules', '__pycache__', 'wandb']);

const CLOSED = new Set(['EACCES', 'EPERM', 'ENAMETOOLONG', 'ELOOP']);

/** Every regular file of a folder and below, or the file itself. What vanishes meanwhile is left out. */
export async function scanFolder(root: string): Promise<Scan> {
  const scan: Scan = { files: [], links: 0, closed: 0, newest: 0, oldest: Date.now(), mark: 0 };
  const top = statSync(root);
  if (top.isDirectory()) {
    await scanInto(scan, resolve(root), resolve(root));
  } else {
    add(scan, resolve(root), basename(root), top);
  }
  scan.files.sort((a, b) => (a.below < b.below ? -1 : 1));
  return scan;
}

async function scanInto(scan: Scan, root: string, folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
      return [];
    }
    // What is below goes on without it; the folder that was given is another matter.
    if (folder !== root && CLOSED.has(String(cause.code))) {
      scan.closed++;
      return [];
    }
    throw cause;
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      scan.links++;
    } else if (entry.isDirectory() && !SKIPPED.has(entry.name)) {
      await scanInto(scan, root, path);
    } else if (entry.isFile()) {
      const stats = await lstat(path).catch(() => undefined);
      if (stats?.isFile()) {
        add(scan, path, relative(root, path).split(sep).join('/'), stats);
      }
    }
    if (scan.files.length > MAX_FILES) {
      throw new Error(`${root} has more than ${MAX_FILES} files; give the folder of one run.`);
    }
  }
}

function add(scan: Scan, path: string, below: string, { size, mtimeMs, dev, ino }: Stats): void {
  scan.files.push({ path, below, size, modified: Math.round(mtimeMs), id: `${dev}:${ino}` });
  scan.newest = Math.max(scan.newest, Math.round(mtimeMs));
  scan.oldest = Math.min(scan.oldest, Math.round(mtimeMs));
  scan.mark += mtimeMs + size;
}
