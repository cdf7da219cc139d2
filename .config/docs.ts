import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm run docs`: builds the site of `docs/` to `docs/.vitepress/dist`; `npm run docs -- dev` shows it while one writes. Its
 * generator has a lock file of its own and is installed when it is first wanted, so that `npm ci` has nothing to do with it.
 */
const docs = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs');
const [command = 'build'] = process.argv.slice(2);

function run(program: string, ...args: string[]): void {
  const { status } = spawnSync(program, args, {
    cwd: docs,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

/** The file that npm writes when all is installed; one older than the lock file belongs to another lock file. */
const installed = join(docs, 'node_modules/.package-lock.json');
const isInstalled =
  existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(docs, 'package-lock.json')).mtimeMs;
if (!isInstalled) {
  run('npm', 'ci', '--no-audit', '--no-fund');
}
run('npx', '--no-install', 'vitepress', command);
