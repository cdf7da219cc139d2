import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolPath } from '../../.config/testTools';
import { runToSuccess } from '../processes/startProcess';
import { ENVIRONMENTS, type EnvironmentName, SOURCES, type SourceName } from './environments';

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rolloscope-trainers');

/** Versions of all that an environment's packages ask for, as they were when it was last tried. */
const constraintsOf = (name: EnvironmentName) => fileURLToPath(new URL(`constraints/${name}.txt`, import.meta.url));

/** A virtual environment: some gigabytes, made once for each list of packages. Returns its Python. */
export async function installTrainers(name: EnvironmentName): Promise<string> {
  const { packages, alone } = ENVIRONMENTS[name];
  const constraints = constraintsOf(name);
  const list = createHash('sha256').update([...packages, ...alone].join('\n'));
  list.update(await readFile(constraints));
  const place = join(cache, list.digest('hex').slice(0, 12));
  const python = join(place, 'bin/python');
  const whole = join(place, 'whole');
  if (existsSync(whole)) {
    return python;
  }
  console.log(`Installing the trainers of ${name}: some gigabytes, into ${place}`);
  await rm(place, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  const isNew =
    'import sys; sys.exit(sys.version_info < (3, 12) and "Trainers need Python 3.12 or newer: name it by PYTHON.")';
  await runToSuccess(toolPath('python'), ['-c', isNew]);
  await runToSuccess(toolPath('python'), ['-m', 'venv', place]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--constraint', constraints];
  await runToSuccess(python, [...install, ...packages]);
  if (alone.length > 0) {
    await runToSuccess(python, [...install, '--no-deps', ...alone]);
  }
  await mkdir(whole);
  return python;
}

/**
 * Where a trainer that no registry has was checked out: a folder of its name in `TRAINERS_SOURCES`, at its commit.
 *
 * @throws when it is not there
 */
export async function sourceOf(name: SourceName): Promise<string> {
  const { repository, commit } = SOURCES[name];
  const wanted = `Check ${repository} out at ${commit}, as ${name} in the folder that TRAINERS_SOURCES names.`;
  const folder = process.env.TRAINERS_SOURCES;
  if (!folder || !existsSync(join(folder, name, '.git'))) {
    throw new Error(wanted);
  }
  const place = join(folder, name);
  const head = (await runToSuccess('git', ['-C', place, 'rev-parse', 'HEAD'])).trim();
  if (head !== commit) {
    throw new Error(`${place} is at ${head}. ${wanted}`);
  }
  return place;
}
