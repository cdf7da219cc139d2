import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `npm run bench`: every benchmark of this folder, one after another; fails when a gate of one fails. */
const NOT_BENCHMARKS = new Set([
  'all.ts',
  'machine.ts',
  'measureCharts.ts',
  'median.ts',
  'processVitals.ts',
  'soakLoad.ts',
  'startStore.ts',
  'StoreClient.ts',
]);
/** What is short here, and long when it is run by itself. */
const ARGUMENTS: Record<string, string[]> = { soak: ['--minutes', '2'] };
const folder = fileURLToPath(new URL('.', import.meta.url));
const asked = process.argv.slice(2);
let failed = 0;
for (const file of readdirSync(folder).sort()) {
  const name = file.replace(/\.ts$/, '');
  if (
    !file.endsWith('.ts') ||
    file.endsWith('.test.ts') ||
    NOT_BENCHMARKS.has(file) ||
    (asked.length > 0 && !asked.includes(name))
  ) {
    continue;
  }
  console.log(`\n── ${name}`);
  const { status } = spawnSync('npx', ['tsx', `${folder}${file}`, ...(ARGUMENTS[name] ?? [])], { stdio: 'inherit' });
  failed += status === 0 ? 0 : 1;
}
process.exitCode = failed === 0 ? 0 : 1;
