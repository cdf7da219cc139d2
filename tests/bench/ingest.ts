import { existsSync, statSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signsOf } from '../../store/evidence/signsOf';
import { note } from './figures';
import { machine } from './machine';
import { vitalsOf } from './processVitals';
import { quantile, StoreClient } from './StoreClient';
import { type StartedStore, startStore } from './startStore';

/** The load of the goal: every run logs a batch a second. */
const RUNS = 200;
const METRICS = 50;
const SECONDS = 20;
const GOAL_P99 = 50;
/** Rollouts: as many rows as a few days of a run, with a prompt and a response of 12 KB together. */
const ROWS = Number(process.env.BENCH_ROWS ?? 100_000);
const ROWS_A_CALL = 500;
const SMALL_CLIENTS = 4;
const SMALL_ROWS = 16;
const SMALL_CALLS = 250;

const ms = (value: number) => `${value.toFixed(1)} ms`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

const logBytes = (store: StartedStore) => {
  const path = join(store.data, 'runs.duckdb.wal');
  return existsSync(path) ? statSync(path).size : 0;
};

/** Text that compresses like prose: words of a small vocabulary, never the same twice. */
function prose(seed: number, chars: number): string {
  let state = seed + 1;
  let text = '';
  while (text.length < chars) {
    state = (state * 48_271) % 2_147_483_647;
    text += `${(state % 4_096).toString(36)}ing `;
  }
  return text.slice(0, chars);
}

const points = (run: number, step: number) => ({
  batchId: `${run}-${step}`,
  entries: [
    { step, metrics: Object.fromEntries(Array.from({ length: METRICS }, (_, i) => [`m/${i}`, Math.sin(step + i)])) },
  ],
});

interface Latencies {
  all: number[];
  checkpoints: number;
}

/** Every run sends a batch a second, spread over the second; `write` resolves when it is durable. */
async function steadyLoad(write: (run: number, step: number) => Promise<unknown>): Promise<number[]> {
  const begin = performance.now() + 100;
  const latencies: number[] = [];
  const runs = Array.from({ length: RUNS }, async (_, run) => {
    for (let step = 0; step < SECONDS; step++) {
      const due = begin + 1_000 * (step + run / RUNS);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await write(run, step);
      // From when it was due, so that a stall counts for all who waited behind it.
      latencies.push(performance.now() - due);
    }
  });
  await Promise.all(runs);
  return latencies.sort((a, b) => a - b);
}

async function measureStore(store: StartedStore): Promise<Latencies> {
  await Promise.all(
    Array.from({ length: RUNS }, (_, run) => client.call('PUT', `/runs/run-${run}`, { project: 'bench' })),
  );
  // The log is filled so far that it is folded in within the measured time.
  for (let step = 0; logBytes(store) < 15e6; step++) {
    await client.call('POST', '/runs/run-0/log', rolloutBatch(step, 50));
  }
  let checkpoints = 0;
  let before = logBytes(store);
  const watch = setInterval(() => {
    const now = logBytes(store);
    checkpoints += now < before ? 1 : 0;
    before = now;
  }, 20);
  const all = await steadyLoad((run, step) => client.call('POST', `/runs/run-${run}/log`, points(run, step)));
  clearInterval(watch);
  return { all, checkpoints };
}

const startTable = {
  columns: ['prompt', 'response', 'reward'],
  rows: Array.from({ length: 8 }, (_, i) => [prose(i, 300), prose(i + 7, 1_500), i / 8]),
};
const firstBatch = (run: number) => ({
  entries: points(run, 0).entries.map((entry) => ({ ...entry, tables: { rollouts: startTable } })),
});

/** The baseline of that: the same batches appended to one plain file, each synced, all at once. */
async function measureFileStart(): Promise<number[]> {
  const begin = performance.now();
  const { append, close } = await plainFile();
  const ends = Array.from({ length: RUNS }, async (_, run) => {
    await append(`${JSON.stringify({ run, ...firstBatch(run) })}\n`);
    return performance.now() - begin;
  });
  const latencies = await Promise.all(ends);
  await close();
  return latencies.sort((a, b) => a - b);
}

/**
 * The first second of runs that all start at once, with rollouts: each is created and logs. In a project of its own, on a
 * store that has nothing yet.
 */
async function measureStart(): Promise<number[]> {
  const latencies = await Promise.all(
    Array.from({ length: RUNS }, async (_, run) => {
      await client.call('PUT', `/runs/start-${run}`, { project: 'start' });
      const begin = performance.now();
      await client.call('POST', `/runs/start-${run}/log`, firstBatch(run));
      return performance.now() - begin;
    }),
  );
  return latencies.sort((a, b) => a - b);
}

/**
 * The first two seconds of runs that nobody knew before: each is created within the first one, logs rollouts at once and
 * a batch a second later. In a project of its own. Creations, first log calls, and the ones after them.
 */
async function measureFirst(): Promise<Record<'creations' | 'first' | 'second', number[]>> {
  const begin = performance.now() + 100;
  const calls = { creations: [] as number[], first: [] as number[], second: [] as number[] };
  const timed = async (of: number[], due: number, call: Promise<unknown>) => {
    await call;
    of.push(performance.now() - due);
  };
  const runs = Array.from({ length: RUNS }, async (_, run) => {
    const due = begin + (1_000 * run) / RUNS;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    await timed(calls.creations, due, client.call('PUT', `/runs/first-${run}`, { project: 'first' }));
    await timed(calls.first, performance.now(), client.call('POST', `/runs/first-${run}/log`, firstBatch(run)));
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due + 1_000 - performance.now())));
    await timed(calls.second, due + 1_000, client.call('POST', `/runs/first-${run}/log`, points(run, 1)));
  });
  await Promise.all(runs);
  return calls;
}

/** A file to which lines are appended one after another, each brought to the disk before the next. */
async function plainFile() {
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-bench-'));
  const file = await open(join(folder, 'points.jsonl'), 'a');
  let last: Promise<void> = Promise.resolve();
  const append = (line: string) => {
    last = last.then(async () => {
      await file.appendFile(line);
      await file.datasync();
    });
    return last;
  };
  const close = async () => {
    await file.close();
    await rm(folder, { recursive: true });
  };
  return { append, close };
}

/** What a trainer logs of a step, from a few of them without a pause; beside it the same in one plain file. */
async function measureSmallBatches(): Promise<void> {
  const columns = ['prompt', 'response', 'reward'];
  const batch = (n: number) => ({
    entries: [
      {
        step: n,
        tables: {
          rollouts: {
            columns,
            rows: Array.from({ length: SMALL_ROWS }, (_, i) => [prose(n, 300), prose(n * SMALL_ROWS + i, 1_700), i]),
          },
        },
      },
    ],
  });
  const rate = async (write: (client: number, body: object) => Promise<unknown>) => {
    const bodies = Array.from({ length: SMALL_CLIENTS * SMALL_CALLS }, (_, n) => batch(n));
    const begin = performance.now();
    await Promise.all(
      Array.from({ length: SMALL_CLIENTS }, async (_, one) => {
        for (let n = one; n < bodies.length; n += SMALL_CLIENTS) {
          await write(one, bodies[n] ?? {});
        }
      }),
    );
    return (SMALL_ROWS * bodies.length * 1_000) / (performance.now() - begin);
  };
  const { append, close } = await plainFile();
  const ofFile = await rate((one, body) => append(`${JSON.stringify({ one, ...body })}\n`));
  await close();
  for (let one = 0; one < SMALL_CLIENTS; one++) {
    await client.call('PUT', `/runs/small-${one}`, { project: 'small' });
  }
  const ofStore = await rate((one, body) => client.call('POST', `/runs/small-${one}/log`, body));
  print(
    `batches of ${SMALL_ROWS} rows of 2 KB from ${SMALL_CLIENTS} clients: ${Math.round(ofStore)} rows/s, ` +
      `${Math.round(ofFile)} in a plain file, each batch synced`,
  );
  const micros = microsOfSigns();
  print(
    `  signs of a reward hack are looked for in ${micros.toFixed(1)} us a response, ` +
      `${((micros * ofStore) / 1e4).toFixed(1)} % of the time of a row`,
  );
  note('smallBatches', { value: ofStore, baseline: { name: 'a plain file, each synced', value: ofFile } });
}

/** What of a row's time the signs take, in this process: the best of some rounds. */
function microsOfSigns(): number {
  const texts = Array.from({ length: 500 }, (_, n) => prose(n, 1_700));
  const rounds = Array.from({ length: 10 }, () => {
    const begin = performance.now();
    for (const text of texts) {
      signsOf(text, text, 0);
    }
    return performance.now() - begin;
  });
  return (1_000 * Math.min(...rounds)) / texts.length;
}

/** The baseline: each batch appended as a line to one plain file and synced, in the order of arrival. */
async function measureFile(): Promise<number[]> {
  const { append, close } = await plainFile();
  const latencies = await steadyLoad((run, step) => append(`${JSON.stringify({ run, ...points(run, step) })}\n`));
  await close();
  return latencies;
}

function rolloutBatch(step: number, rows: number) {
  const cells = Array.from({ length: rows }, (_, i) => {
    const n = step * rows + i;
    return [prose(n, 2_000), prose(n + 7, 10_000), Math.cos(n)];
  });
  return { entries: [{ step, tables: { rollouts: { columns: ['prompt', 'response', 'reward'], rows: cells } } }] };
}

async function measureRollouts(store: StartedStore) {
  await client.call('PUT', '/runs/rollouts', { project: 'bench' });
  const memory: number[] = [];
  let bytes = 0;
  const begin = performance.now();
  for (let step = 0; step < ROWS / ROWS_A_CALL; step++) {
    const body = rolloutBatch(step, ROWS_A_CALL);
    bytes += ROWS_A_CALL * 12_000;
    await client.call('POST', '/runs/rollouts/log', body);
    memory.push(vitalsOf(store.process.pid, store.data).memory);
  }
  return { seconds: (performance.now() - begin) / 1_000, bytes, memory };
}

const print = (line: string) => process.stdout.write(`${line}\n`);
print(machine());
const store = await startStore();
const client = new StoreClient(store.url);
let failed = false;
try {
  const file = await measureFile();
  const fileStart = await measureFileStart();
  const start = await measureStart();
  print(
    `${RUNS} runs that start at once, with rollouts: first log call p50 ${ms(quantile(start, 0.5))} ` +
      `p99 ${ms(quantile(start, 0.99))}, ${(quantile(start, 0.99) / quantile(fileStart, 0.99)).toFixed(1)} times the ` +
      `baseline (p99 ${ms(quantile(fileStart, 0.99))}: the same batches, each synced, in one plain file)`,
  );
  const beginning = await measureFirst();
  print(
    `${RUNS} runs that begin within a second: ${Object.entries(beginning)
      .map(([name, times]) => `${name} p50 ${ms(quantile(times, 0.5))} p99 ${ms(quantile(times, 0.99))}`)
      .join(', ')}`,
  );
  const together = Object.values(beginning).flat();
  note('startTogether', {
    value: quantile(together, 0.99),
    baseline: { name: 'the same, each synced, in one plain file', value: quantile(fileStart, 0.99) },
  });
  await measureSmallBatches();
  const { all, checkpoints } = await measureStore(store);
  const [p50, p99] = [quantile(all, 0.5), quantile(all, 0.99)];
  print(`${RUNS} runs x 1 batch/s x ${METRICS} metrics for ${SECONDS} s, acknowledged durably:`);
  print(`  store     p50 ${ms(p50)}  p99 ${ms(p99)}  max ${ms(all.at(-1) ?? 0)}  ${checkpoints} checkpoints within`);
  print(
    `  baseline  p50 ${ms(quantile(file, 0.5))}  p99 ${ms(quantile(file, 0.99))}  max ${ms(file.at(-1) ?? 0)}  (one synced append a batch to a plain file)`,
  );
  print(`  goal p99 ${GOAL_P99} ms: ${p99 <= GOAL_P99 ? 'met' : 'missed'}`);
  const count = await client.call<{ metrics: Array<{ name: string; points: number }> }>('POST', '/query/metric-list', {
    runs: { where: [{ column: 'project', op: 'eq', value: 'bench' }] },
  });
  const stored = count.metrics.reduce((sum, metric) => sum + metric.points, 0);
  print(`  points ${stored} of ${RUNS * METRICS * SECONDS}`);

  const { seconds, bytes, memory } = await measureRollouts(store);
  const half = Math.floor(memory.length / 2);
  const [first, second] = [Math.max(...memory.slice(0, half)), Math.max(...memory.slice(half))];
  print(`${ROWS} rollouts of 12 KB: ${Math.round(bytes / 1e6 / seconds)} MB/s in ${Math.round(seconds)} s`);
  print(`  memory at most ${megabytes(first)} in the first half, ${megabytes(second)} in the second`);
  const rows = await client.call<{ total: number }>('POST', '/query/rows', {
    runs: ['rollouts'],
    table: 'rollouts',
    limit: 1,
    columns: ['step'],
  });
  print(`  rows ${rows.total} of ${ROWS}`);
  const gates = {
    'every point is there': stored === RUNS * METRICS * SECONDS,
    'every row is there': rows.total === ROWS,
    'a checkpoint fell into the measured time': checkpoints > 0,
    'memory is flat': second < first * 1.3,
    'p99 is within 100 times the plain file': p99 < Math.max(500, 100 * quantile(file, 0.99)),
  };
  for (const [gate, holds] of Object.entries(gates)) {
    print(`${holds ? 'ok  ' : 'FAIL'} ${gate}`);
    failed ||= !holds;
  }
} finally {
  client.close();
  await store.stop();
}
process.exitCode = failed ? 1 : 0;
