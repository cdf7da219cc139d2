import { loadavg } from 'node:os';
import { machine } from './machine';
import { growth, type Vitals, vitalsOf } from './processVitals';
import { quantile, StoreClient } from './StoreClient';
import { FOLLOWERS, METRICS, prose, RUNS, SoakLoad } from './soakLoad';
import { type StartedStore, startStore } from './startStore';

/*
 * `npx tsx tests/bench/soak.ts [--minutes N]`: a store under a steady load for a long time, 20 minutes by default. Prints
 * what it takes by minute and ends with a verdict about the second half; exit code 1 where it does not hold.
 */

const MINUTE = 60_000;
/** Milliseconds between two looks at the store's memory. */
const LOOK = 1_000;
/** Growth over the second half, as a share of its mean, up to which memory counts as flat. */
const FLAT = 0.05;
/** Descriptors by which the least of its last quarter may exceed that of the one before: connections come and go. */
const FEW = 3;
const GOAL_P99 = 50;
/** Megabytes of rollouts that fill the database's cache before anything is measured: from then on it does not grow. */
const FILL_MB = 700;

const minutes = readMinutes(process.argv.slice(2));
const print = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`.padStart(8);
const milliseconds = (values: readonly number[]) =>
  [0.5, 0.99, 1].map((q) => quantile(values, q).toFixed(0).padStart(6)).join('');

function readMinutes(args: readonly string[]): number {
  const [option = '--minutes', value = '20'] = args;
  if (option !== '--minutes' || args.length > 2 || !(Number(value) > 0)) {
    throw new Error('soak [--minutes N], with a number of minutes above 0.');
  }
  return Number(value);
}

/** Long texts of another project, and a search that reads them all. */
async function fillCache(client: StoreClient): Promise<void> {
  await client.call('PUT', '/runs/fill', { project: 'fill' });
  const rows = 500;
  const chars = 8_000;
  for (let step = 0; (step * rows * chars) / 1e6 < FILL_MB; step++) {
    const cells = Array.from({ length: rows }, (_, i) => [prose(step * rows + i, chars)]);
    const entries = [{ step, tables: { texts: { columns: ['response'], rows: cells } } }];
    await client.call('POST', '/runs/fill/log', { entries });
  }
  await client.call('POST', '/query/rows', {
    runs: ['fill'],
    table: 'texts',
    search: 'nothing of that kind',
    limit: 1,
  });
}

async function soak(store: StartedStore, client: StoreClient): Promise<Record<string, boolean>> {
  print('Filling the cache of the database …');
  await fillCache(client);
  const begin = performance.now();
  const end = begin + minutes * MINUTE;
  const load = new SoakLoad(client, () => performance.now() > end);
  const looks: Vitals[] = [];
  const look = () => looks.push(vitalsOf(store.process.pid, store.data));
  const watch = setInterval(look, LOOK);
  const all = { logs: [] as number[] };
  let minute = 0;
  const report = () => {
    const { logs, reads } = load.take();
    all.logs.push(...logs);
    const { memory = 0, descriptors = 0, disk = 0 } = looks.at(-1) ?? {};
    minute++;
    print(
      `${String(minute).padStart(6)} ${megabytes(memory)} ${String(descriptors).padStart(11)} ${megabytes(disk)} ` +
        `${String(logs.length).padStart(6)} ${milliseconds(logs)} ${String(reads.length).padStart(6)} ${milliseconds(reads)} ` +
        (loadavg()[0] ?? 0).toFixed(1).padStart(5),
    );
  };
  print('minute   memory descriptors     disk   logs    p50   p99   max  reads    p50   p99   max  load');
  const byMinute = setInterval(report, MINUTE);
  await load.run();
  clearInterval(byMinute);
  clearInterval(watch);
  if (minute === 0) {
    report();
  }
  const rest = load.take();
  all.logs.push(...rest.logs);

  const half = looks.slice(looks.length >> 1);
  const grown = growth(half.map(({ memory }) => memory));
  const least = (some: readonly Vitals[]) => Math.min(...some.map(({ descriptors }) => descriptors));
  const [before, after] = [least(half.slice(0, half.length >> 1)), least(half.slice(half.length >> 1))];
  const stored = await load.stored();
  const p99 = quantile(all.logs, 0.99);
  print(`memory over the second half: ${(100 * grown).toFixed(1)} % of its mean; flat is up to ${100 * FLAT} %`);
  print(`memory at most ${megabytes(Math.max(...looks.map(({ memory }) => memory))).trim()}`);
  print(`descriptors in the last two quarters, at least: ${before} and ${after}`);
  print(`log calls: p99 ${p99.toFixed(0)} ms, ${p99 <= GOAL_P99 ? 'within' : 'beyond'} the goal of ${GOAL_P99} ms`);
  print(`points ${stored.points} of ${load.acknowledged}, rollouts ${stored.rollouts} of ${load.rollouts}`);
  for (const failure of [...new Set(load.failures)].slice(0, 10)) {
    print(`failed: ${failure}`);
  }
  return {
    'memory is flat': grown <= FLAT,
    'descriptors are flat': after <= before + FEW,
    'everything acknowledged is there': stored.points === load.acknowledged && stored.rollouts === load.rollouts,
    'every call was answered, and followers saw what new readers see': load.failures.length === 0,
  };
}

print(machine());
print(`${RUNS} runs x ${METRICS} metrics a second, rollouts, ${FOLLOWERS} followers, for ${minutes} minutes`);
const store = await startStore();
const client = new StoreClient(store.url);
let holds = false;
try {
  const verdict = await soak(store, client);
  for (const [gate, isHeld] of Object.entries(verdict)) {
    print(`${isHeld ? 'ok  ' : 'FAIL'} ${gate}`);
  }
  holds = Object.values(verdict).every(Boolean);
} finally {
  client.close();
  const code = await store.stop();
  holds &&= code === 0;
}
print(holds ? 'VERDICT: it holds' : 'VERDICT: it does not hold');
process.exitCode = holds ? 0 : 1;
