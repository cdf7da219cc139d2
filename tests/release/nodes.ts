import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../clients/installPackage';
import { runToSuccess } from '../processes/startProcess';

/** The Nodes that the store's package is for, one of each line that is kept; raise them when new ones are out. */
export const NODES = ['20.20.2', '22.23.3', '24.22.1'] as const;

const lineOf = (version: string) => version.split('.')[0];
const own = process.versions.node;

/** Those whose line is not the one that runs the tests. */
export const OTHER_NODES = NODES.filter((version) => lineOf(version) !== lineOf(own));

/** A Node of each line: this one, and those that npm has for this platform. */
export const allNodes = () =>
  Promise.all(NODES.map((version) => (lineOf(version) === lineOf(own) ? process.execPath : installNode(version))));

/** Fetches a Node from npm, once for this user, and returns its path. Made elsewhere and moved, as `installPackage` does. */
export async function installNode(version: string): Promise<string> {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const place = join(cacheFolder, `${name}-${version}`);
  const node = join(place, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(node)) {
    return node;
  }
  await rm(place, { recursive: true, force: true });
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, 'new-'));
  try {
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${version}`];
    await runToSuccess('npm', args, { cwd: folder });
    await rename(folder, place).catch(() => undefined);
  } catch (cause) {
    throw new Error(`Node ${version} did not install; npm must reach its registry: ${String(cause).split('\n')[1]}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return node;
}
