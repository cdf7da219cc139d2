import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { apiKeyOf } from '../../store/http/apiKey';

const root = fileURLToPath(new URL('../../', import.meta.url));
const execute = promisify(execFile);
const NEEDED =
  'The W&B tests run real clients: they need Python 3.9 or newer with venv (apt-get install python3 python3-venv; PYTHON names another one), and pip must reach PyPI.';

/** A virtual environment with one version of `wandb`; kept under node_modules/.cache. Returns its Python. */
export async function installClient(version: string): Promise<string> {
  const folder = join(root, 'node_modules/.cache/wandb', version);
  const python = join(folder, 'bin/python');
  const ready = join(folder, 'ready');
  if (existsSync(ready)) {
    return python;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    await execute(process.env.PYTHON ?? 'python3', ['-m', 'venv', folder]);
    await execute(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `wandb==${version}`]);
  } catch (cause) {
    throw new Error(`${NEEDED}\n${cause instanceof Error ? cause.message : cause}`);
  }
  writeFileSync(ready, '');
  return python;
}

export const makeFolder = () => mkdtemp(join(tmpdir(), 'rolloscope-wandb-'));
export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });

/** Folders of the runs that were logged offline below a WANDB_DIR. */
export async function findRuns(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'wandb'));
  return names.filter((name) => name.startsWith('offline-run-')).map((name) => join(folder, 'wandb', name));
}

export interface Client {
  process: ChildProcess;
  /** Everything it wrote, to stdout and stderr. */
  output(): string;
  /** Resolves with the exit code; null when it was killed. */
  ended: Promise<number | null>;
}

export interface ClientOptions {
  python: string;
  url: string;
  token?: string;
  env?: Record<string, string>;
  args?: string[];
}

/** Starts a script of `clients/` in a folder of its own, as a trainer would run: two variables set, nothing else. */
export async function startClient(script: string, options: ClientOptions): Promise<Client> {
  const { python, url, token = 'any', env, args = [] } = options;
  const folder = env?.WANDB_DIR ?? (await makeFolder());
  const path = join(root, 'tests/wandb/clients', script);
  const child = spawn(python, script.startsWith('-') ? [...script.split(' '), ...args] : [path, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      WANDB_DIR: folder,
      WANDB_BASE_URL: url,
      WANDB_API_KEY: apiKeyOf(token),
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  const ended = once(child, 'close').then(async ([code]) => {
    process.off('exit', orphaned);
    if (!env?.WANDB_DIR) {
      await removeFolder(folder);
    }
    return code as number | null;
  });
  return { process: child, output: () => output, ended };
}

/** Runs a script to its end; throws with what it wrote when it fails. */
export async function runClient(script: string, options: ClientOptions): Promise<string> {
  const client = await startClient(script, options);
  const code = await client.ended;
  if (code !== 0) {
    throw new Error(`${script} ended with ${code}:\n${client.output()}`);
  }
  return client.output();
}
