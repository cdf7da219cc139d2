import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { toolPath } from '../../.config/testTools';
import { runToSuccess } from '../processes/startProcess';

/** What the recordings are made with; raise these when new ones are out, and make the recordings anew. */
const PACKAGES = [
  'trl==1.16.0',
  'transformers==5.24.0',
  'torch==2.15.0',
  'accelerate==1.15.0',
  'wandb==0.31.0',
  'mlflow-skinny==3.17.2',
  'trackio==0.43.0',
  'tensorboard',
  'tensordict',
  'hydra-core',
  'ray',
  'codetiming',
  'torchdata',
  'peft',
  'pylatexenc',
  'openai',
  'aiohttp',
  'pandas',
  'psutil',
];

/** Trainers that ask for engines and GPUs, of which their logging needs none. */
const ALONE = ['verl==0.9.1', 'trinity-rft==0.6.0', 'openrlhf==0.11.2'];

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rolloscope-trainers');

/** A virtual environment with the trainers: some gigabytes, made once for each list of packages. Returns its Python. */
export async function installTrainers(): Promise<string> {
  const list = createHash('sha256').update([...PACKAGES, ...ALONE].join('\n'));
  const place = join(cache, list.digest('hex').slice(0, 12));
  const python = join(place, 'bin/python');
  const whole = join(place, 'whole');
  if (existsSync(whole)) {
    return python;
  }
  await rm(place, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await runToSuccess(toolPath('python'), ['-m', 'venv', place]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await runToSuccess(python, [...install, ...PACKAGES]);
  await runToSuccess(python, [...install, '--no-deps', ...ALONE]);
  await mkdir(whole);
  return python;
}
