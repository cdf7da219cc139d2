import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { note } from './figures';
import { machine } from './machine';
import { type Spread, timesOf } from './median';
import { StoreClient } from './StoreClient';
import { startStore } from './startStore';

/*
 * What a store costs by how many runs it has, most of them nobody asks about: new runs a second, the disk of each, what
 * is asked of all of them, and a start, with what it goes on to do. The baseline is the same at the first size.
 */

/** Runs of the sizes that are measured. */
const SIZES = (process.env.BENCH_RUNS ?? '10,100,1000,10000').split(',').map(Number);
/** Runs that are made beside those, at each size. */
const MORE = 50;
const METRICS = 50;
const STEPS = 20;
const CLIENTS = 8;
const REPEATS = 7;
/** How long after a start its work in the background is watched. */
const WATCHED_MS = 20_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

const batch = (run: number) => ({
  batchId: 'first',
  entries: Array.from({ length: STEPS }, (_, step) => ({
    step,
    metrics: Object.fromEntries([
      ...Array.from({ length: METRICS - 1 }, (_, i) => [`m/${i}`, Math.sin(run + step + i)]),
      ['eval/accuracy/mean', 0.5 + 0.3 * Math.sin(run + step)],
    ]),
  })),
});

/** Runs from a number on, by a few clients: how long that took, in seconds. */
async function addRuns(client: StoreClient, from: number, count: number): Promise<number> {
  const begin = performance.now();
  let next = from;
  const one = async () => {
    for (let run = next++; run < from + count; run = next++) {
      await client.call('PUT', `/runs/run-${run}`, {
        project: `p${run % 10}`,
        config: { lr: run, model: { size: run % 7 } },
      });
      await client.call('POST', `/runs/run-${run}/log`, batch(run));
      // The others are running when the store stops, and are taken up by the alerts after its start.
      if (run % 2 === 0) {
        await client.call('POST', `/runs/run-${run}/finish`, {});
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, one));
  return (performance.now() - begin) / 1_000;
}

const times = (what: () => Promise<unknown>) => timesOf(what, REPEATS);

const kilobytes = (folder: string) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 1_024;

/** Milliseconds of both cores that a process took so far. */
function cpuOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Seconds until the alerts of a store have taken up all that was there; it is looked at for two minutes at the most. */
async function untilTakenUp(url: string): Promise<number> {
  const begin = performance.now();
  for (let waiting = 1; waiting > 0 && performance.now() - begin < 120_000; ) {
    const text = await (await fetch(`${url}/metrics?runs=none`)).text();
    waiting = Number(/^rolloscope_store_alerts_waiting (\d+)/m.exec(text)?.[1] ?? 0);
    await sleep(100);
  }
  return (performance.now() - begin) / 1_000;
}

const data = await mkdtemp(join(tmpdir(), 'rolloscope-bench-'));
try {
  print(machine());
  print(`runs of ${METRICS} metrics x ${STEPS} steps, in 10 projects, by ${CLIENTS} clients`);
  let known = 0;
  let first: number[] | undefined;
  let firstKeys: Spread | undefined;
  for (const size of SIZES) {
    const filling = await startStore({ data });
    const client = new StoreClient(filling.url);
    await addRuns(client, known, size - known);
    const rate = MORE / (await addRuns(client, size, MORE));
    known = size + MORE;
    const keysTimes = await times(() => client.call('POST', '/query/keys', {}));
    const keys = keysTimes.median;
    const { median: runs } = await times(() => client.call('POST', '/query/runs', { limit: 50 }));
    const { median: values } = await times(() => client.call('POST', '/query/values', { key: 'config.model.size' }));
    client.close();
    await filling.stop();
    const disk = kilobytes(data) / known;
    const started = await startStore({ data });
    const begin = performance.now();
    const before = cpuOf(started.process.pid);
    const takenUp = await untilTakenUp(started.url);
    const caught = cpuOf(started.process.pid) - before;
    await sleep(Math.min(WATCHED_MS, size * 20));
    const busy = (100 * (cpuOf(started.process.pid) - before)) / (performance.now() - begin);
    await started.stop();
    const now = [1 / rate, keys, runs, values, started.startedIn];
    first ??= now;
    firstKeys ??= keysTimes;
    // The largest store counts; what the smallest took in the same run stands beside it.
    const smallest = `${SIZES[0]} runs`;
    note('keys', {
      value: keys,
      spread: [keysTimes.least, keysTimes.most],
      baseline: { name: smallest, value: firstKeys.median },
    });
    note('start', { value: started.startedIn, baseline: { name: smallest, value: first[4] ?? 0 } });
    note('takenUp', { value: takenUp });
    note('newRuns', { value: (now[0] ?? 0) / (first[0] ?? 1) });
    const ratios = now.map((value, i) => `${(value / (first?.[i] ?? 1)).toFixed(1)}`);
    print(
      `${String(known).padStart(6)} runs: ${rate.toFixed(0)} new ones/s, ${disk.toFixed(0)} KB each; keys ${keys.toFixed(0)} ms, ` +
        `newest runs ${runs.toFixed(0)} ms, values ${values.toFixed(0)} ms; start ${started.startedIn.toFixed(0)} ms, ` +
        `alerts of those that run after ${takenUp.toFixed(1)} s (${caught} ms of the processor), ` +
        `until ${Math.round((performance.now() - begin) / 1_000)} s ${busy.toFixed(0)} % of a core; times the first: ${ratios.join(', ')}`,
    );
  }
} finally {
  await rm(data, { recursive: true, force: true });
}
