import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectedIn, figuresTable } from './figures';
import { machine } from './machine';

/**
 * `npm run bench`: every benchmark of this folder, or those that are named, one after another; fails when a gate of one
 * fails. `--quick` takes smaller sizes, where the environment names none. It ends with a table of all that has a goal.
 */
const NOT_BENCHMARKS = new Set([
  'all.ts',
  'figures.ts',
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
const collected = mkdtempSync(join(tmpdir(), 'rolloscope-figures-'));
const figures = join(collected, 'figures.jsonl');
writeFileSync(figures, '');
const env = { ...(isQuick && QUICK), ...process.env, ...collectedIn(figures) };
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
console.log(`\n── all that has a goal, on ${machine()}${isQuick ? '; the goals are for full sizes' : ''}`);
for (const line of figuresTable(figures)) {
  console.log(line);
}
rmSync(collected, { recursive: true });
process.exitCode = failed === 0 ? 0 : 1;
