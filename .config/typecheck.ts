import { spawnSync } from 'node:child_process';

/** Every part has a tsconfig of its own, because each runs somewhere else: the browser, Node, or both. */
const parts = ['.', 'contract', 'store', 'preview', 'examples', 'tests'];
for (const part of parts) {
  const { status } = spawnSync('tsc', ['--project', part], { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
