import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `npm run bench`: every benchmark of this folder, or those that are named, one after another; fails when a gate of one
 * fails. `--quick` takes smaller sizes, where the environment names none.
 */
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
const QUICK = {
  BENCH_POINTS: '2000',
  BENCH_ROUNDS: '5',
  BENCH_ROWS: '100000',
  BENCH_EXPORT_ROWS: '10000',
  BENCH_RUNS: '10,100,1000',
  BENCH_CHART_RUNS: '10',
  BENCH_CHART_POINTS: '100000',
};
const isQuick = process.argv.includes('--quick');
const asked = process.argv.slice(2).filter((name) => name !== '--quick');
const env = { ...(isQuick && QUICK), ...process.env };
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
  const { status } = spawnSync('npx', ['tsx', `${folder}${file}`, ...(ARGUMENTS[name] ?? [])], {
    stdio: 'inherit',
    env,
  });
  failed += status === 0 ? 0 : 1;
}
process.exitCode = failed === 0 ? 0 : 1;
