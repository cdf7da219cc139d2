import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest, parseCLI } from 'vitest/node';
import { installClients } from '../tests/clients/installClients';
import { installTools } from './installTools';
import { neededTools, sourcesOf } from './neededTools';
import { Progress } from './Progress';
import { runTests } from './runTests';

/**
 * `npm test [-- FOLDER OR FILE…]`: looks for the tools that the tests need, then lints, checks types, builds and tests.
 * The first stage that fails ends it. The last line counts the tests: `N passed, N failed`.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

async function stage<T>(name: string, run: () => T | Promise<T>): Promise<T> {
  const begin = performance.now();
  console.log(`== ${name}`);
  const result = await run();
  console.log(`== ${name}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  return result;
}

function stop(line: string): never {
  console.error(line);
  process.exit(1);
}

function npmRun(script: string): void {
  const { status } = spawnSync('npm', ['run', '--silent', script], { stdio: 'inherit' });
  if (status !== 0) {
    stop(`npm run ${script} failed, so no test was run.`);
  }
}

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
const asked = filter.map((path) => resolve(path));
if (!asked.every((path) => existsSync(path))) {
  stop(
    `There is no ${filter.filter((path) => !existsSync(path)).join(', ')}. Name a folder or a test file: npm test -- store`,
  );
}
const vitest = await createVitest('test', { reporters: ['default', new Progress()], ...options });
const files = (await vitest.globTestSpecifications())
  .map(({ moduleId }) => moduleId)
  .filter((file) => asked.length === 0 || asked.some((path) => file === path || file.startsWith(path + sep)));
if (files.length === 0) {
  stop(`There are no tests in ${filter.join(', ')}.`);
}

await stage('tools', async () => {
  const found = await sourcesOf(root, files);
  const toInstall = installTools(await neededTools(root, found));
  if (toInstall !== undefined) {
    stop(toInstall);
  }
  await installClients(found).catch((error: Error) => stop(error.message));
});
await stage('lint', () => npmRun('lint'));
await stage('types', () => npmRun('typecheck'));
await stage('build', () => npmRun('build'));
const { passed, failed } = await stage(`tests, ${files.length} files`, () => runTests(vitest, files));
console.log(`${passed} passed, ${failed} failed`);
process.exit();
