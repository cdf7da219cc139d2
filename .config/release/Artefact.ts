import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A file that a release is made of. */
export interface Artefact {
  /** A line that tells a person what it is. */
  title: string;
  /** Its name in the release's folder. */
  file: string;
  bytes: Buffer;
  /** The files in it. */
  contents: Content[];
}

export interface Content {
  path: string;
  bytes: number;
}

/** Every file below a folder, in the order of their paths, which have `/` on every system. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** Lists the files in a folder, with their bytes, below the name that an artefact gives it. */
export const contentsOf = (folder: string, under = ''): Content[] =>
  filesBelow(folder).map((path) => ({ path: `${under}${path}`, bytes: readFileSync(join(folder, path)).length }));

export const hashOf = (algorithm: 'sha1' | 'sha256', bytes: Buffer): string =>
  createHash(algorithm).update(bytes).digest('hex');

/** `SHA256SUMS`, as `sha256sum --check` reads it. */
export function checksums(artefacts: readonly Artefact[]): string {
  return artefacts.map(({ file, bytes }) => `${hashOf('sha256', bytes)}  ${file}\n`).join('');
}
