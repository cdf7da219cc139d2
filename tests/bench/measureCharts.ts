import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type DataFrame, dateTime } from '@grafana/data';
import type { FetchResponse } from '@grafana/runtime';
import type { MetricsAnswer } from '@rolloscope/contract/types';
import { defer } from 'rxjs';
import { metricsFrames } from '../../src/datasource/frames/metricsFrames';
import { StoreClient } from '../../src/datasource/http/StoreClient';
import { Known } from '../../src/datasource/known/Known';
import { LastGood } from '../../src/datasource/LastGood';
import { migrate } from '../../src/datasource/migrate';
import type { MetricsQuery } from '../../src/datasource/query';
import { Targets } from '../../src/datasource/run/Targets';
import { DuckDbEngine } from '../../store/engine/duckdb/DuckDbEngine';
import { PROMISED } from '../../store/engine/duckdb/openFolder';
import { note } from './figures';
import { machine } from './machine';
import { median, timesOf } from './median';
import { type StartedStore, startStore } from './startStore';

/**
 * Bundled and run by `charts.ts`. From request to frames: 50 runs of a million points in one chart, a live tick of them, and the parsing of columns
 * against that of rows. `BENCH_CHART_POINTS=200000` is a quicker round.
 */
const RUNS = Number(process.env.BENCH_CHART_RUNS ?? 50);
const POINTS = Number(process.env.BENCH_CHART_POINTS ?? 1_000_000);
const REPEATS = 5;
/** Of four points each: the first, lowest, highest and last of a bucket. */
const BUCKETS = 1_000;

const ids = Array.from({ length: RUNS }, (_, i) => `run${i}`);
const text = (value: number) => value.toLocaleString('en');

/** The runs through the engine, their points by one statement of the database: HTTP would take an hour. */
async function seed(folder: string): Promise<void> {
  const engine = await DuckDbEngine.open(folder);
  await engine.commit(
    ids.flatMap((id) => [
      {
        kind: 'run' as const,
        run: {
          id,
          project: 'bench',
          name: id,
          state: 'running' as const,
          tags: [],
          config: {},
          createdAt: 1.7e12,
          updatedAt: Date.now(),
          attempts: [{ n: 1, startedAt: 1.7e12, fromStep: 0 }],
          archived: false,
        },
      },
      { kind: 'points' as const, run: id, attempt: 1, metrics: ['loss'], steps: [0], times: [1.7e12], values: [0] },
    ]),
  );
  const { position } = engine;
  await engine.close();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`ATTACH '${join(folder, 'runs.duckdb').replaceAll("'", "''")}' AS store (ROW_GROUP_SIZE 4096)`);
  await connection.run('USE store');
  await connection.run(
    `INSERT INTO points
     SELECT run, (SELECT min(metric) FROM metrics), 1, s, 1700000000000 + s * 100,
            sin(s / 50000) + hash(s * 31 + run) % 1000 / 5000.0, ${position} + run * ${Math.ceil(POINTS / 1e6)} + s // 1000000
     FROM (SELECT run FROM runs ORDER BY run), range(1, ${POINTS}) t(s)`,
  );
  await connection.run('CHECKPOINT store');
  connection.closeSync();
  instance.closeSync();
  // It says what the file was before.
  await rm(join(folder, PROMISED), { force: true });
}

/** Of the last answer of `/query/metrics`: its text, its bytes on the wire, when it was there, and the CPU used till then. */
const last = { text: '', bytes: 0, at: 0, cpu: process.cpuUsage() };

function clientOf(store: StartedStore): StoreClient {
  const send = async <T>({ url, data }: { url: string; data?: unknown }): Promise<FetchResponse<T>> => {
    const headers = { 'content-type': 'application/json', 'accept-encoding': 'gzip' };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(data) });
    const body = await answer.text();
    assert.equal(answer.status, 200, body.slice(0, 300));
    if (url.endsWith('/query/metrics')) {
      Object.assign(last, {
        text: body,
        bytes: Number(answer.headers.get('content-length') ?? body.length),
        at: performance.now(),
        cpu: process.cpuUsage(),
      });
    }
    return { data: JSON.parse(body) as T } as FetchResponse<T>;
  };
  return new StoreClient(
    store.url,
    () => ({ fetch: (options: { url: string }) => defer(() => send(options)) }) as never,
  );
}

const query = migrate({
  refId: 'A',
  version: 2,
  queryType: 'metrics',
  runs: { by: 'id', ids },
  metrics: ['loss'],
  x: { by: 'step' },
  live: true,
} as never) as MetricsQuery;

function chart(store: StartedStore, maxDataPoints: number): Targets {
  const range = { from: dateTime(0), to: dateTime(1e13), raw: { from: 'now-1h', to: 'now' } };
  const client = clientOf(store);
  return new Targets([query], { client, known: new Known(client), uid: 'u', range, maxDataPoints }, new LastGood());
}

const cells = (frames: DataFrame[]) => frames.reduce((sum, { fields, length }) => sum + fields.length * length, 0);

async function measureChart(store: StartedStore): Promise<void> {
  for (const maxDataPoints of [4 * BUCKETS, BUCKETS]) {
    let frames: DataFrame[] = [];
    const whole = await median(async () => {
      const { data, errors } = await chart(store, maxDataPoints).begin();
      assert.equal(errors, undefined);
      frames = data;
    }, REPEATS);
    const fast = last.text;
    const body = { runs: ids, metrics: ['loss'], x: 'step' as const, maxPoints: maxDataPoints };
    const client = clientOf(store);
    const every = await median(() => client.ask('queryMetrics', { body: { ...body, times: { from: 0 } } }), 3);
    // The same answer, but for the moment that it is of.
    const series = (answer: string) => JSON.stringify((JSON.parse(answer) as MetricsAnswer).series);
    assert.equal(series(last.text), series(fast));
    const asked = await median(() => client.ask('queryMetrics', { body }), REPEATS);
    const made = await median(
      () => metricsFrames(JSON.parse(fast) as MetricsAnswer, { query, runs: new Map() }),
      REPEATS,
    );
    console.log(
      `${RUNS} × ${text(POINTS)} points, ${text(maxDataPoints / 4)} buckets each, from request to frames: ` +
        `${whole.toFixed(0)} ms (goal 1,000): answer ${asked.toFixed(0)} ms, parsing and frames ${made.toFixed(0)} ms; ` +
        `${text(cells(frames))} cells; reading every point, the same answer takes ${every.toFixed(0)} ms: ` +
        `${(every / asked).toFixed(1)} times as long`,
    );
  }
}

/** By time: of kept extremes by time. */
async function measureByTime(store: StartedStore): Promise<void> {
  const client = clientOf(store);
  const body = { runs: ids.slice(0, 10), metrics: ['loss'], maxPoints: BUCKETS };
  const byTime = await timesOf(() => client.ask('queryMetrics', { body: { ...body, x: 'time' as const } }), REPEATS);
  const byStep = await median(() => client.ask('queryMetrics', { body: { ...body, x: 'step' as const } }), REPEATS);
  console.log(
    `10 × ${text(POINTS)} points to 1,000 by time: ${byTime.median.toFixed(0)} ms (${byTime.least.toFixed(0)} to ` +
      `${byTime.most.toFixed(0)}), ${(byTime.median / byStep).toFixed(1)} × by step`,
  );
  note('millionsByTime', {
    value: byTime.median,
    spread: [byTime.least, byTime.most],
    baseline: { name: 'by step', value: byStep },
  });
}

async function measureTick(store: StartedStore): Promise<void> {
  const targets = chart(store, BUCKETS);
  await targets.begin();
  const work: number[] = [];
  for (let tick = 0; tick < REPEATS + 2; tick++) {
    for (const id of ids) {
      const body = JSON.stringify({ entries: [{ step: POINTS + tick, metrics: { loss: Math.random() } }] });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${store.url}/api/v1/runs/${id}/log`, { method: 'POST', headers, body });
      assert.equal(answer.status, 200);
    }
    const begin = performance.now();
    const answer = await targets.goOn(false);
    const end = performance.now();
    const { user, system } = process.cpuUsage(last.cpu);
    const cpu = (user + system) / 1_000;
    assert.ok(answer && answer.errors === undefined);
    // Ticks that made the buckets twice as wide are whole answers.
    if (last.text.includes('"from"') && tick > 1) {
      work.push(Math.min(cpu, end - last.at));
      console.log(
        `live tick of ${RUNS} series: ${(last.bytes / 1024).toFixed(1)} KB on the wire, ` +
          `${(last.text.length / 1024).toFixed(1)} KB of JSON, answered in ${(last.at - begin).toFixed(0)} ms, ` +
          `${(end - last.at).toFixed(1)} ms from text to frames, ${cpu.toFixed(1)} ms of CPU`,
      );
      assert.ok(last.bytes <= 20 * 1024, 'bytes of a live tick of 50 series');
    }
  }
  const middle = work.sort((a, b) => a - b)[work.length >> 1] ?? Number.NaN;
  console.log(`live tick: ${middle.toFixed(1)} ms of work from text to frames in the median (goal 20)`);
}

/** Points as rows, and the frame made of them object by object: what the contract spares. */
async function measureParsing(store: StartedStore): Promise<void> {
  await chart(store, BUCKETS).begin();
  const columns = last.text;
  const { series } = JSON.parse(columns) as MetricsAnswer;
  const rows = JSON.stringify(
    series.flatMap(({ run, metric, step, time, value }) =>
      step.map((_, i) => ({ run, metric, step: step[i], time: time[i], value: value[i] })),
    ),
  );
  const byColumns = await median(
    () => metricsFrames(JSON.parse(columns) as MetricsAnswer, { query, runs: new Map() }),
    REPEATS,
  );
  const byRows = await median(() => joinRows(JSON.parse(rows) as Row[]), REPEATS);
  console.log(
    `parsing ${text(series.reduce((sum, { step }) => sum + step.length, 0))} points to frames: columns ` +
      `${byColumns.toFixed(0)} ms of ${(columns.length / 2 ** 20).toFixed(1)} MB, rows ${byRows.toFixed(0)} ms of ` +
      `${(rows.length / 2 ** 20).toFixed(1)} MB: ${(byRows / byColumns).toFixed(1)} times as long`,
  );
  assert.ok(rows.length > 1.5 * columns.length, 'rows are larger than columns');
}

interface Row {
  run: string;
  step: number;
  value: number | string;
}

function joinRows(rows: readonly Row[]): Record<string, number | null>[] {
  const byStep = new Map<number, Record<string, number | null>>();
  const names = new Set(rows.map(({ run }) => run));
  for (const { run, step, value } of rows) {
    const row = byStep.get(step) ?? { step };
    byStep.set(step, row);
    row[run] = Number(value);
  }
  const ordered = [...byStep.values()].sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
  for (const row of ordered) {
    for (const name of names) {
      row[name] ??= null;
    }
  }
  return ordered;
}

async function measure(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-bench-'));
  try {
    console.log(`Charts of ${text(RUNS * POINTS)} points on ${machine()}`);
    await seed(folder);
    const engine = await DuckDbEngine.open(folder);
    const begin = performance.now();
    while (await engine.checkpoint());
    console.log(`extremes of all points kept in ${((performance.now() - begin) / 1_000).toFixed(1)} s, once`);
    await engine.close();
    const store = await startStore({ data: folder });
    try {
      await measureChart(store);
      await measureByTime(store);
      await measureTick(store);
      await measureParsing(store);
    } finally {
      await store.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await measure();
