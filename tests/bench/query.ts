import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { machine } from './machine';
import { median as medianOf } from './median';
import { type StartedStore, startStore } from './startStore';

/** How often each question is asked; the median counts. */
const REPEATS = 9;
const POINTS = 1_000_000;
const RUNS = 20;
const RUN_POINTS = 10_000;
const ROWS = 100_000;
const EXPORT_ROWS = Number(process.env.BENCH_EXPORT_ROWS ?? 100_000);

interface Series {
  step: number[];
  value: number[];
}
type Body = Record<string, unknown>;

/** A number 0–1 that depends on its argument alone, so that every run of the benchmark reads the same data. */
function noise(n: number): number {
  const mixed = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}

const WORDS = Array.from({ length: 4_000 }, (_, i) => Math.floor(noise(i + 77) * 1e9).toString(36));

function prose(seed: number, chars: number): string {
  let text = '';
  for (let i = 0; text.length < chars; i++) {
    text += `${WORDS[Math.floor(noise(seed * 4_001 + i) * WORDS.length)]} `;
  }
  return text.slice(0, chars);
}

async function call<T>(store: StartedStore, path: string, body: Body, method = 'POST'): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${store.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, 200, text.slice(0, 500));
  return JSON.parse(text) as T;
}

async function logAll(store: StartedStore, run: string, batches: number, entry: (batch: number) => unknown[]) {
  await call(store, `/runs/${run}`, { project: 'bench' }, 'PUT');
  for (let batch = 0; batch < batches; batch++) {
    await call(store, `/runs/${run}/log`, { entries: entry(batch) });
  }
}

async function seed(store: StartedStore): Promise<void> {
  await logAll(store, 'million', POINTS / 10_000, (batch) =>
    Array.from({ length: 10_000 }, (_, i) => {
      const step = batch * 10_000 + i;
      return { step, time: 1.7e12 + step * 100, metrics: { loss: Math.sin(step / 50_000) + noise(step) / 10 } };
    }),
  );
  for (let run = 0; run < RUNS; run++) {
    await logAll(store, `run${run}`, 1, () =>
      Array.from({ length: RUN_POINTS }, (_, step) => ({
        step,
        time: 1.7e12 + step * 1_000,
        metrics: { reward: noise(step * 31 + run) },
      })),
    );
  }
  const rows = (batch: number, count: number, promptChars: number, responseChars: number) =>
    Array.from({ length: count }, (_, i) => {
      const n = batch * count + i;
      const found = n % 1_000 === 0 ? ' Needle in Hay' : '';
      return [
        prose(n >> 3, promptChars),
        prose(n + 1_000_003, responseChars) + found,
        Math.round(noise(n) * 100) / 100,
      ];
    });
  const table = (name: string, batch: number, cells: unknown[][]) => [
    { step: batch, tables: { [name]: { columns: ['prompt', 'response', 'reward'], rows: cells } } },
  ];
  await logAll(store, 'rows', ROWS / 2_000, (batch) => table('rollouts', batch, rows(batch, 2_000, 200, 1_800)));
  await logAll(store, 'long', EXPORT_ROWS / 1_000, (batch) => table('long', batch, rows(batch, 1_000, 400, 11_600)));
}

const median = (what: () => Promise<unknown>, repeats = REPEATS) => medianOf(what, repeats);

/** Every point over HTTP, a hundred thousand at a time, brought down to buckets in JavaScript. */
async function reduceInJavaScript(store: StartedStore, runs: string[], metric: string, points: number, width: number) {
  const buckets = new Map<string, [first: number, lowest: number, highest: number, last: number]>();
  for (const run of runs) {
    for (let from = 0; from < points; from += 100_000) {
      const steps = { from, to: from + 99_999 };
      const body = { runs: [run], metrics: [metric], steps, reduce: 'none' };
      const { series } = await call<{ series: Series[] }>(store, '/query/metrics', body);
      series[0]?.step.forEach((step, i) => {
        const value = series[0]?.value[i] ?? 0;
        const key = `${run} ${Math.floor(step / width)}`;
        const bucket = buckets.get(key) ?? [value, value, value, value];
        buckets.set(key, [bucket[0], Math.min(bucket[1], value), Math.max(bucket[2], value), value]);
      });
    }
  }
  return buckets.size;
}

/** Every row over HTTP, a thousand at a time, kept or not in JavaScript. */
async function filterInJavaScript(store: StartedStore, columns: string[], keep: (row: unknown[]) => boolean) {
  const kept: unknown[][] = [];
  for (let offset = 0; offset < ROWS; offset += 1_000) {
    const body = { runs: ['rows'], table: 'rollouts', columns, offset, limit: 1_000 };
    const { rows } = await call<{ rows: unknown[][] }>(store, '/query/rows', body);
    kept.push(...rows.filter(keep));
  }
  return kept;
}

function report(name: string, time: number, goal: number, baseline: [name: string, time: number]): void {
  const ratio = (baseline[1] / time).toFixed(1);
  const verdict = time <= goal ? 'within' : 'beyond';
  console.log(
    `${name}: ${time.toFixed(1)} ms, ${verdict} the goal of ${goal} ms; ${ratio} times faster than ${baseline[0]}`,
  );
}

/** Peaks of the store's memory, in MB, over the two halves of one export. */
async function exportOnce(store: StartedStore, orderBy: Body[]) {
  const memory = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${store.process.pid}/status`, 'utf8'))?.[1]) / 1024;
  const begin = performance.now();
  const request = { runs: ['long'], table: 'long', format: 'jsonl', orderBy };
  const { path, rows } = await call<{ path: string; rows: number }>(store, '/export', request);
  const answer = await fetch(`${store.url}/api/v1${path}`);
  let lines = 0;
  let bytes = 0;
  let [first, second] = [0, 0];
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    for (const byte of chunk) {
      lines += byte === 10 ? 1 : 0;
    }
    if (lines < rows / 2) {
      first = Math.max(first, Math.round(memory()));
    } else {
      second = Math.max(second, Math.round(memory()));
    }
  }
  assert.equal(lines, rows, 'rows of the export');
  assert.equal(rows, EXPORT_ROWS, 'rows that match');
  return { seconds: (performance.now() - begin) / 1_000, bytes, first, second };
}

/** Memory grows until the database's own cache is full (2 GB, once); from then on an export must add nothing. */
async function measureExport(store: StartedStore): Promise<void> {
  for (const orderBy of [[], [{ column: 'reward', direction: 'desc' }]]) {
    const cold = await exportOnce(store, orderBy);
    const { seconds, bytes, first, second } = await exportOnce(store, orderBy);
    const order = orderBy.length > 0 ? 'ordered by reward' : 'as logged';
    console.log(
      `export of ${EXPORT_ROWS} rows ${order}: ${cold.seconds.toFixed(1)} s, again ${seconds.toFixed(1)} s, ` +
        `${Math.round(bytes / 2 ** 20)} MB, none lost; store's memory at most ${cold.second} MB at first, then ` +
        `${first} MB in the first half and ${second} MB in the second`,
    );
    assert.ok(second < first * 1.25 + 100, 'memory stays flat over an export');
  }
}

export async function benchQuery(): Promise<void> {
  const store = await startStore();
  try {
    console.log(`Reading over HTTP, medians of ${REPEATS}, on ${machine()}`);
    await seed(store);
    const metrics = (body: Body) => () => call(store, '/query/metrics', body);
    const rows = (body: Body) => () => call(store, '/query/rows', { runs: ['rows'], table: 'rollouts', ...body });

    const million = await median(metrics({ runs: ['million'], metrics: ['loss'], maxPoints: 4_000 }));
    const everything = await median(() => reduceInJavaScript(store, ['million'], 'loss', POINTS, 1_024), 1);
    report(`${POINTS} points to 1,000 buckets`, million, 60, ['reading all of them and reducing here', everything]);

    const runs = Array.from({ length: RUNS }, (_, i) => `run${i}`);
    const many = await median(metrics({ runs, metrics: ['reward'], maxPoints: 2_000 }));
    const manyHere = await median(() => reduceInJavaScript(store, runs, 'reward', RUN_POINTS, 32), 1);
    report(`${RUNS} × ${RUN_POINTS} points to 500 buckets each`, many, 60, ['the same', manyHere]);

    const isGood = ([reward]: unknown[]) => Number(reward) >= 0.5;
    const sortedHere = await median(async () => {
      const kept = await filterInJavaScript(store, ['reward'], isGood);
      return kept.sort((a, b) => Number(b[0]) - Number(a[0])).slice(0, 25);
    }, 1);
    for (const offset of [0, 5_000, 10_000]) {
      const filter = [{ column: 'reward', op: 'ge', value: 0.5 }];
      const orderBy = [{ column: 'reward', direction: 'desc' }];
      const page = await median(rows({ filter, orderBy, offset, limit: 25, preview: 200 }));
      report(`25 of ${ROWS} rows, filtered and sorted, from ${offset} on`, page, 50, [
        'reading the rewards of all and sorting here',
        sortedHere,
      ]);
    }

    const needle = 'needle in hay';
    const searchedHere = await median(
      () =>
        filterInJavaScript(store, ['prompt', 'response'], (row) =>
          row.some((cell) => String(cell).toLowerCase().includes(needle)),
        ),
      1,
    );
    const found = await call<{ total: number }>(store, '/query/rows', {
      runs: ['rows'],
      table: 'rollouts',
      search: needle,
    });
    assert.equal(found.total, ROWS / 1_000);
    const search = await median(rows({ search: needle, limit: 25, preview: 200 }));
    report(`search of ${ROWS} rows of 2 KB`, search, 300, ['reading all of them and searching here', searchedHere]);

    await measureExport(store);
  } finally {
    await store.stop();
  }
}

if (process.argv[1]?.endsWith('query.ts')) {
  await benchQuery();
}
