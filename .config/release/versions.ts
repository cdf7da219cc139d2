import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every place that says the project's version, besides what is built of them (plugin.json, the store's own words). */
interface Place {
  file: string;
  /** Each match is a place; its first group is what stands before the version, its second is the version. */
  pattern: RegExp;
}

/** Folders with a lock file of their own: the project, and what is installed apart from it. */
const LOCKED = ['', 'docs/', 'tests/react18/'];
const WORKSPACES = ['contract', 'store', 'preview', 'examples'];
const OWN_VERSION = /^( {2}"version": ")([^"]+)(?=")/gm;

export const PLACES: readonly Place[] = [
  ...[...LOCKED, ...WORKSPACES.map((name) => `${name}/`)].map((folder) => ({
    file: `${folder}package.json`,
    pattern: OWN_VERSION,
  })),
  { file: 'store/package.json', pattern: /("@rolloscope\/contract": ")([^"]+)(?=")/g },
  ...LOCKED.flatMap((folder) => [
    { file: `${folder}package-lock.json`, pattern: OWN_VERSION },
    {
      file: `${folder}package-lock.json`,
      pattern: /(^ {4}"": \{\n(?: {6}.*\n)*? {6}"version": ")([^"]+)(?=")/gm,
    },
  ]),
  ...WORKSPACES.map((name) => ({
    file: 'package-lock.json',
    pattern: new RegExp(`(^ {4}"${name}": \\{\\n(?: {6}.*\\n)*? {6}"version": ")([^"]+)(?=")`, 'gm'),
  })),
  { file: 'package-lock.json', pattern: /("@rolloscope\/contract": ")([^"]+)(?=")/g },
  { file: 'charts/rolloscope-store/Chart.yaml', pattern: /(^version: )(\S+)/gm },
  { file: 'charts/rolloscope-store/Chart.yaml', pattern: /(^appVersion: ")([^"]+)(?=")/gm },
  { file: 'store/Dockerfile', pattern: /(org\.opencontainers\.image\.version=")([^"]+)(?=")/g },
];

export interface Said {
  file: string;
  version: string;
}

/** Reads the version that each place says. @throws where a file has lost its place */
export function versionsIn(root: string): Said[] {
  return PLACES.flatMap(({ file, pattern }) => {
    const found = [...readFileSync(join(root, file), 'utf8').matchAll(pattern)];
    if (found.length === 0) {
      throw new Error(`${file} says its version nowhere that fits ${pattern}.`);
    }
    return found.map((match) => ({ file, version: match[2] ?? '' }));
  });
}

/** The version, of the whole project. */
export const versionOf = (root: string): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

/** Writes a version into every place. */
export function setVersion(root: string, version: string): void {
  for (const { file, pattern } of PLACES) {
    const path = join(root, file);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(pattern, (_, before: string) => `${before}${version}`),
    );
  }
}
