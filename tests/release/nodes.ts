import { installFromNpm } from '../clients/installFromNpm';

/** The Nodes that the store's package is for, one of each line that is kept; raise them when new ones are out. */
export const NODES = ['20.20.2', '22.23.3', '24.22.1'] as const;

const lineOf = (version: string) => version.split('.')[0];
const own = process.versions.node;

/** Those whose line is not the one that runs the tests. */
export const OTHER_NODES = NODES.filter((version) => lineOf(version) !== lineOf(own));

/** A Node of each line: this one, and those that npm has for this platform. */
export const allNodes = () =>
  Promise.all(NODES.map((version) => (lineOf(version) === lineOf(own) ? process.execPath : installNode(version))));

/** Fetches a Node from npm, once for this user, and returns its path. */
export function installNode(version: string): Promise<string> {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  return installFromNpm(`${name}-${version}`, [`${name}@${version}`], `node_modules/${name}/bin/${program}`);
}
