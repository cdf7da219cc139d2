import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface Import {
  from: string;
  /** A package name, or a path from the root. */
  to: string;
  typeOnly: boolean;
}

/** Files of source below a folder, from the root. */
export function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/(^|\/)(node_modules|dist|react18)\//.test(file));
}

export const read = (file: string) => readFileSync(join(root, file), 'utf8');

const STATEMENT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?[^'"\n;]*?(?:\n[^'"]*?)?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)/g;

/** What files below a folder import, also late. */
export function imports(folder: string, includeTests = false): Import[] {
  return sources(folder)
    .filter((file) => includeTests || !/\.test\.tsx?$/.test(file))
    .flatMap((from) =>
      [...read(from).matchAll(STATEMENT)].map(([, type, statically, dynamically]) => {
        const target = statically ?? dynamically ?? '';
        return {
          from,
          to: target.startsWith('.') ? posix.join(posix.dirname(from), target) : target,
          typeOnly: type !== undefined,
        };
      }),
    );
}
