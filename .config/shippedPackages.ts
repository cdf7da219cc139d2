import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A package of somebody else that an artefact holds. */
export interface ShippedPackage {
  name: string;
  version: string;
  /** The licence as an SPDX expression. */
  licence: string;
  /** The texts that come with it: its licence, and its notice where it has one. */
  texts: string[];
  /** The same for other platforms, which npm installs in its place there. */
  elsewhere: string[];
}

/** Licences that ask for no more than to be named. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  ...['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0'],
]);
const TEXT = /^(licen[cs]e|copying|notice)(\b|[-_.])/i;

interface LockEntry {
  version?: string;
  license?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** The packages that modules of a bundle come from; `modules` are paths, or end with them from `node_modules` on. */
export function packagesOfModules(root: string, modules: Iterable<string>): ShippedPackage[] {
  const folders = new Set<string>();
  for (const path of modules) {
    const [folder] = /node_modules\/(.*\/node_modules\/)?(@[^/]+\/)?[^/]+/.exec(path) ?? [];
    if (folder !== undefined) {
      folders.add(join(root, folder));
    }
  }
  return sorted([...folders].map((folder) => shipped(root, folder)));
}

/** The packages that a workspace needs to run, with what these need, as the lock file has them. */
export function packagesOfWorkspace(root: string, workspace: string): ShippedPackage[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const found = new Map<string, ShippedPackage>();
  const visit = (from: string) => {
    const { dependencies = {}, optionalDependencies = {} } = lock.packages[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const at = placeOf(lock.packages, from, name);
      const entry = lock.packages[at ?? ''];
      if (at === undefined || entry === undefined) {
        throw new Error(`${from} needs ${name}, which is not in package-lock.json.`);
      }
      if (entry.link || found.has(at)) {
        continue;
      }
      if (!existsSync(join(root, at)) && Object.hasOwn(optionalDependencies, name)) {
        requirePermissive(name, entry.license);
        found.get(from)?.elsewhere.push(`${name} ${entry.version}`);
        continue;
      }
      found.set(at, shipped(root, join(root, at)));
      visit(at);
    }
  };
  visit(workspace);
  return sorted([...found.values()]);
}

/** Returns where npm puts a package that another one needs: beside it, or above; undefined where it is nowhere. */
function placeOf(packages: Record<string, unknown>, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.replace(/(^|\/)[^/]*$/, '')) {
    const at = `${folder}${folder === '' ? '' : '/'}node_modules/${name}`;
    if (Object.hasOwn(packages, at) && !folder.endsWith('node_modules')) {
      return at;
    }
    if (folder === '') {
      return undefined;
    }
  }
}

/** Reads a package; throws for one that no artefact may hold, or that brings no licence along. */
export function shipped(root: string, folder: string): ShippedPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  requirePermissive(name, license);
  const files = readdirSync(folder).filter((file) => TEXT.test(file));
  const ours = join(root, '.config', 'licences', `${basename(name)}.txt`);
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (texts.length === 0 && existsSync(ours)) {
    texts.push(readFileSync(ours, 'utf8').trim());
  }
  if (texts.length === 0) {
    throw new Error(`${name} ${version} brings no text of its licence along; put it into ${ours}.`);
  }
  return { name, version, licence: license, texts, elsewhere: [] };
}

function requirePermissive(name: string, licence: unknown): void {
  if (typeof licence !== 'string' || !PERMISSIVE.has(licence)) {
    const known = [...PERMISSIVE].join(', ');
    throw new Error(`${name} is under ${JSON.stringify(licence)}; what we ship is under one of ${known}.`);
  }
}

const sorted = (packages: ShippedPackage[]) =>
  packages.sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
