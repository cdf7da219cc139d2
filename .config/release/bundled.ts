import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockEntry {
  version?: string;
  dependencies?: Record<string, string>;
}

/** Packages with a binary for each platform: npm chooses it where the store is installed; their versions are exact. */
const CHOSEN_THERE: ReadonlySet<string> = new Set(['@duckdb/node-api', '@duckdb/node-bindings']);

export interface Bundled {
  /** The direct dependencies whose code, with all that they need, is in the package. */
  names: string[];
  /** Folders to copy, from the project's root and in the package. */
  folders: { from: string; to: string }[];
}

/**
 * Finds what goes into the store's package, `bundleDependencies`: the very packages that the project's tests ran with,
 * by the lock file. npm takes the newest that others' ranges allow otherwise, such as one that wants a newer Node, and
 * pays no heed to a shrinkwrap in a file that it installs.
 */
export function bundledOf(root: string, dependencies: Record<string, string>): Bundled {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const names = Object.keys(dependencies).filter((name) => !CHOSEN_THERE.has(name));
  const placed = new Map<string, string>();
  const visit = (from: string, wanted: readonly string[]) => {
    for (const name of wanted) {
      const at = nearest(packages, from, name);
      const to = at.replace(/^store\//, '');
      const other = placed.get(to);
      if (other !== undefined && other !== at) {
        throw new Error(`${other} and ${at} would both be ${to} in the store's package.`);
      }
      if (other === undefined) {
        placed.set(to, at);
        visit(at, Object.keys(packages[at]?.dependencies ?? {}));
      }
    }
  };
  visit('store', names);
  return { names, folders: [...placed].map(([to, from]) => ({ from, to })) };
}

/** Returns the path at which Node finds a package that another one asks for; throws where the lock file has none. */
function nearest(packages: Record<string, LockEntry>, from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const at = `${folder}${folder === '' ? '' : '/'}node_modules/${name}`;
    if (!folder.endsWith('node_modules') && packages[at] !== undefined) {
      return at;
    }
    if (folder === '') {
      throw new Error(`${from} needs ${name}, which is not in package-lock.json.`);
    }
  }
}
