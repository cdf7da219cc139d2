import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const execute = promisify(execFile);
const NEEDED =
  'These tests run real clients: they need Python 3.10 or newer with venv (apt-get install python3 python3-venv; PYTHON names another one), and pip must reach PyPI.';

/**
 * A virtual environment with one version of a package, and with what it needs `besides`; kept under node_modules/.cache.
 * Returns its Python.
 */
export async function installPackage(name: string, version: string, besides: readonly string[] = []): Promise<string> {
  const folder = join(root, 'node_modules/.cache', name, version);
  const python = join(folder, 'bin/python');
  const ready = join(folder, 'ready');
  if (existsSync(ready)) {
    return python;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    await execute(process.env.PYTHON ?? 'python3', ['-m', 'venv', folder]);
    const packages = [`${name}==${version}`, ...besides];
    await execute(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  } catch (cause) {
    throw new Error(`${NEEDED}\n${cause instanceof Error ? cause.message : cause}`);
  }
  writeFileSync(ready, '');
  return python;
}
