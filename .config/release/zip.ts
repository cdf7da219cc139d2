import { type Zippable, zipSync } from 'fflate';

/** Unix, as the maker of the archive, and a plain file that everybody may read. */
const UNIX = 3;
const READABLE = (0o100644 << 16) >>> 0;
/** The time of every file, the same for every build: equal files make equal archives. A zip has none before 1980. */
const TIME = new Date(1980, 0, 1, 12);

/** Packs files into a zip, by their paths in it. */
export function zip(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const entries: Zippable = {};
  for (const [path, bytes] of files) {
    entries[path] = [bytes, { mtime: TIME, os: UNIX, attrs: READABLE, level: 9 }];
  }
  return Buffer.from(zipSync(entries));
}
