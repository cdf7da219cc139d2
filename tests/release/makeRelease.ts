import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToSuccess } from '../processes/startProcess';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Release {
  folder: string;
  /** What `npm run release` printed. */
  said: string;
  files: string[];
  remove(): Promise<void>;
}

/** The artefacts of what is built, made by `npm run release` into a folder of its own. Nothing is signed. */
export async function makeRelease(): Promise<Release> {
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-release-test-'));
  const { GRAFANA_ACCESS_POLICY_TOKEN: _, ...env } = process.env;
  const said = await runToSuccess('npm', ['run', '-s', 'release', '--', '--to', folder], { cwd: root, env });
  const files = (await readdir(folder)).sort();
  return {
    folder,
    said,
    files,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export const versionOf = async (path: string): Promise<string> =>
  (JSON.parse(await readFile(join(root, path), 'utf8')) as { version: string }).version;
