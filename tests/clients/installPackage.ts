import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { toolPath } from '../../.config/testTools';
import { runToSuccess } from '../processes/startProcess';

/** Kept for this user from run to run and from clone to clone; remove it as you like. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rolloscope-tests');

/**
 * A virtual environment with one version of a package, and with what it needs `besides`. Returns its Python. It is made in
 * a folder of its own and moved to its place when it is whole, so that several may ask for it at once.
 *
 * @throws one line that says what pip could not do
 */
export async function installPackage(name: string, version: string, besides: readonly string[] = []): Promise<string> {
  const base = toolPath('python');
  const { stdout } = spawnSync(base, ['--version'], { encoding: 'utf8' });
  const place = join(cacheFolder, [name, version, ...besides, stdout.trim().toLowerCase().replace(' ', '-')].join('+'));
  const python = join(place, 'bin/python');
  if (existsSync(python)) {
    return python;
  }
  // What lies there without a Python was made with one that has gone.
  await rm(place, { recursive: true, force: true });
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, 'new-'));
  try {
    await runToSuccess(base, ['-m', 'venv', folder]);
    const install = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `${name}==${version}`,
      ...besides,
    ];
    await runToSuccess(join(folder, 'bin/python'), install);
    // It fails where somebody was faster, whose environment is as good.
    await rename(folder, place).catch(() => undefined);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${name} ${version} did not install; pip must reach PyPI, or an index of yours: ${reason(said)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return python;
}

/** What pip could not do, in a line. It tells of an index that it cannot reach as of one that does not have the package. */
function reason(said: string): string {
  const lines = said.trim().split('\n');
  const unreachable = /connection broken by '(.+)': /.exec(said)?.[1];
  return unreachable ?? lines.findLast((line) => line.startsWith('ERROR: '))?.slice(7) ?? lines.at(-1) ?? '';
}
