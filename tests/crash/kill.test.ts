import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';

const KILLS = 20;
const RUNS = ['a', 'b', 'c', 'd'];
const POINTS = 10;
const ROWS = 4;

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'rolloscope-crash-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

async function post<T>(store: StartedStore, path: string, body: unknown, method = 'POST'): Promise<T> {
  const answer = await fetch(`${store.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  return (await answer.json()) as T;
}

/** One batch of a run: points and long rows that name the batch, so that each can be told from every other. */
function batch(n: number) {
  const metrics = Object.fromEntries(Array.from({ length: POINTS }, (_, i) => [`m${i}`, n]));
  const rows = Array.from({ length: ROWS }, (_, i) => [`prompt ${n}`, `${n}.${i} ${'long '.repeat(200)}`, n]);
  const tables = { rollouts: { columns: ['prompt', 'response', 'reward'], rows } };
  return { batchId: `batch-${n}`, entries: [{ step: n, metrics, tables }] };
}

/** Logs one run's batches in order; what fails is sent again by the next incarnation, as a trainer does. */
class Trainer {
  acknowledged = 0;
  /** Batches that were sent and not answered. */
  unanswered = 0;

  constructor(readonly run: string) {}

  async train(store: StartedStore): Promise<void> {
    try {
      for (;;) {
        await post(store, `/runs/${this.run}/log`, batch(this.acknowledged));
        this.acknowledged++;
      }
    } catch {
      this.unanswered++;
    }
  }
}

it(`loses nothing acknowledged and doubles nothing in ${KILLS} kills`, { timeout: 600_000 }, async () => {
  const trainers = RUNS.map((run) => new Trainer(run));
  let slowest = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const store = await startStore({ data });
    slowest = Math.max(slowest, store.startedIn);
    await Promise.all(RUNS.map((run) => post(store, `/runs/${run}`, { project: 'p' }, 'PUT')));
    const training = trainers.map((trainer) => trainer.train(store));
    // Anywhere between the first calls and a few hundred of them.
    await new Promise((resolve) => setTimeout(resolve, 50 + ((kill * 137) % 700)));
    await store.kill();
    await Promise.all(training);
  }

  const store = await startStore({ data });
  for (const { run, acknowledged } of trainers) {
    // The last batch may have been stored without being acknowledged; sending it again makes both one.
    await post(store, `/runs/${run}/log`, batch(acknowledged));
    const batches = Array.from({ length: acknowledged + 1 }, (_, n) => n);
    const { series } = await post<{ series: Array<{ step: number[]; value: number[] }> }>(store, '/query/metrics', {
      runs: [run],
      metrics: ['m*'],
      reduce: 'none',
      attempts: 'all',
    });
    expect(series).toHaveLength(POINTS);
    for (const { step, value } of series) {
      expect(step).toEqual(batches);
      expect(value).toEqual(batches);
    }
    const seen: string[] = [];
    for (let offset = 0, total = 1; offset < total; offset += 1_000) {
      const page = await post<{ rows: [string][]; total: number }>(store, '/query/rows', {
        runs: [run],
        table: 'rollouts',
        columns: ['response'],
        offset,
        limit: 1_000,
      });
      total = page.total;
      seen.push(...page.rows.map(([response]) => response.split(' ')[0] ?? ''));
    }
    const expected = batches.flatMap((n) => Array.from({ length: ROWS }, (_, i) => `${n}.${i}`));
    expect(seen).toEqual(expected);
  }
  const log = store.stderr();
  expect(await store.stop()).toBe(0);
  expect(log).not.toMatch(/fault|internal/);
  expect(existsSync(join(data, 'runs.duckdb.wal'))).toBe(false);
  const batches = trainers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  process.stdout.write(
    `${KILLS} kills, ${batches} batches acknowledged, ` +
      `${trainers.reduce((sum, { unanswered }) => sum + unanswered, 0)} cut off; slowest start ${Math.round(slowest)} ms\n`,
  );
  expect(batches).toBeGreaterThan(KILLS * RUNS.length);
});
