import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runToSuccess } from '../processes/startProcess';
import { cacheFolder } from './installPackage';

/**
 * Packages from npm, each with its exact version, in a folder of this user that is kept. They are put in a folder of their
 * own and moved to their place when all is there, so that several may ask for them at once.
 *
 * @param name the folder's
 * @param file what they must bring along, from the folder
 * @returns the path of that file
 * @throws one line that says what npm could not do
 */
export async function installFromNpm(name: string, packages: readonly string[], file: string): Promise<string> {
  const place = join(cacheFolder, name);
  if (existsSync(join(place, file))) {
    return join(place, file);
  }
  await rm(place, { recursive: true, force: true });
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, 'new-'));
  try {
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, ...packages];
    await runToSuccess('npm', args, { cwd: folder });
    await rename(folder, place).catch(() => undefined);
  } catch (cause) {
    throw new Error(
      `${packages.join(' and ')} did not install; npm must reach its registry: ${String(cause).split('\n')[1]}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return join(place, file);
}
