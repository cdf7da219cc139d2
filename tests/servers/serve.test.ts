import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type StartedStore, spawnStore, startStore } from '../bench/startStore';
import { freePort } from '../processes/freePort';
import { type ClickHouseServer, startClickHouse } from './clickhouse';
import { type PostgresServer, startPostgres } from './postgres';

let clickhouse: ClickHouseServer;
let postgres: PostgresServer;
let data: string;
let env: Record<string, string>;
let databases = 0;
beforeAll(async () => {
  [clickhouse, postgres] = await Promise.all([startClickHouse(), startPostgres()]);
  data = await mkdtemp(join(tmpdir(), 'rolloscope-serve-'));
});
afterAll(async () => {
  await clickhouse?.remove();
  await postgres?.remove();
  await rm(data, { recursive: true, force: true });
});
beforeEach(async () => {
  const name = `store${++databases}`;
  env = { STORE_CLICKHOUSE: `${clickhouse.url}/${name}`, STORE_POSTGRES: await postgres.createDatabase(name) };
});

const ask = (store: { url: string }, method: string, path: string, body?: unknown) =>
  fetch(`${store.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const log = (store: { url: string }, step: number) =>
  ask(store, 'POST', '/runs/a/log', {
    batchId: String(step),
    entries: [
      { step, metrics: { loss: step / 2 }, tables: { samples: { columns: ['text'], rows: [[`row ${step}`]] } } },
    ],
  });
const begin = (store: { url: string }) => ask(store, 'PUT', '/runs/a', { project: 'p' });

async function stepsOf(store: { url: string }): Promise<number[]> {
  const answer = await ask(store, 'POST', '/query/metrics', { runs: ['a'], metrics: ['loss'], reduce: 'none' });
  const { series } = (await answer.json()) as { series: Array<{ step: number[] }> };
  return series[0]?.step ?? [];
}
async function textsOf(store: { url: string }): Promise<unknown[]> {
  const answer = await ask(store, 'POST', '/query/rows', { runs: ['a'], table: 'samples', limit: 1000 });
  const { columns, rows } = (await answer.json()) as { columns: Array<{ name: string }>; rows: unknown[][] };
  const text = columns.findIndex(({ name }) => name === 'text');
  return rows.map((row) => row[text]);
}

/** Logs every step until it is taken, as clients do: those that were, in order. */
function keepLogging(stores: ReadonlyArray<{ url: string }>) {
  const taken: number[] = [];
  let isOver = false;
  const done = (async () => {
    for (let step = 1; !isOver; ) {
      for (const store of stores) {
        const answer = await log(store, step).catch(() => undefined);
        if (answer?.status === 200) {
          taken.push(step++);
          break;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return {
    taken,
    async end(): Promise<number[]> {
      isOver = true;
      await done;
      return taken;
    },
  };
}

/** A store that stands by until it has the runs. */
async function standBy() {
  const port = await freePort();
  const started = spawnStore({ data, port, env });
  await expect.poll(() => started.stderr()).toContain('Another store has these runs');
  return { url: `http://127.0.0.1:${port}`, ...started };
}
const isReady = async (store: { url: string }) =>
  (await ask(store, 'GET', '/health').catch(() => undefined))?.ok ?? false;

describe('a store on ClickHouse and PostgreSQL', () => {
  it('keeps runs over a restart, and says where they are', async () => {
    let store = await startStore({ data, env });
    await begin(store);
    expect((await log(store, 1)).status).toBe(200);
    await store.stop();
    store = await startStore({ data, env });
    try {
      expect((await log(store, 2)).status).toBe(200);
      expect([await stepsOf(store), await textsOf(store)]).toEqual([
        [1, 2],
        ['row 1', 'row 2'],
      ]);
      const health = await (await ask(store, 'GET', '/health')).json();
      expect(health).toMatchObject({ status: 'ok', storage: { engine: 'clickhouse' } });
      expect((await ask(store, 'DELETE', '/runs/a')).status).toBeLessThan(300);
      expect((await ask(store, 'GET', '/runs/a')).status).toBe(404);
    } finally {
      await store.stop();
    }
  });

  it('is replaced by the one that stands by when it dies, and nothing that was taken is lost', async () => {
    const first = await startStore({ data, env });
    await begin(first);
    const second = await standBy();
    const logging = keepLogging([first, second]);
    await expect.poll(() => logging.taken.length).toBeGreaterThan(5);
    await first.kill();
    const before = logging.taken.length;
    await expect.poll(() => logging.taken.length).toBeGreaterThan(before + 5);
    const taken = await logging.end();
    expect(await stepsOf(second)).toEqual(taken);
    expect(await textsOf(second)).toEqual(taken.map((step) => `row ${step}`));
    expect(await second.stop()).toBe(0);
  });

  it('that sleeps until it was replaced ends when it wakes, and has changed nothing', async () => {
    const first = await startStore({ data, env });
    await begin(first);
    expect((await log(first, 1)).status).toBe(200);
    const second = await standBy();
    const asleep = log(first, 2).catch(() => undefined);
    first.process.kill('SIGSTOP');
    await expect.poll(() => isReady(second)).toBe(true);
    const seen = await stepsOf(second);
    first.process.kill('SIGCONT');
    await new Promise((resolve) => first.process.once('exit', resolve));
    expect([first.process.exitCode, first.stderr()]).toEqual([1, expect.stringContaining('Another store took over')]);
    const isTaken = (await asleep)?.status === 200;
    expect(seen).toEqual(isTaken ? [1, 2] : seen);
    expect(await stepsOf(second)).toEqual(seen);
    expect((await log(second, 3)).status).toBe(200);
    expect(await second.stop()).toBe(0);
  });

  it('is as its older copy of PostgreSQL says after a restore, and goes on from there', async () => {
    let store = await startStore({ data, env });
    await begin(store);
    await log(store, 1);
    await store.stop();
    const copy = await postgres.copyDatabase(`store${databases}`, 'copy');
    store = await startStore({ data, env });
    expect((await log(store, 2)).status).toBe(200);
    await store.stop();
    store = await startStore({ data, env: { ...env, STORE_POSTGRES: copy } });
    try {
      expect([await stepsOf(store), await textsOf(store)]).toEqual([[1], ['row 1']]);
      expect((await log(store, 3)).status).toBe(200);
      expect([await stepsOf(store), await textsOf(store)]).toEqual([
        [1, 3],
        ['row 1', 'row 3'],
      ]);
    } finally {
      await store.stop();
    }
  });

  it('ends while it stands by, when it is told to', async () => {
    const first = await startStore({ data, env });
    const second = await standBy();
    expect(await second.stop()).toBe(0);
    await first.stop();
  });

  it('takes nothing while a server is away, says when to come again, and goes on by itself', async () => {
    const store = await startStore({ data, env });
    await begin(store);
    const logging = keepLogging([store]);
    for (const server of [clickhouse, postgres]) {
      const before = logging.taken.length;
      await expect.poll(() => logging.taken.length).toBeGreaterThan(before + 3);
      await server.kill9();
      await expectAway(store);
      await server.restart();
    }
    const before = logging.taken.length;
    await expect.poll(() => logging.taken.length).toBeGreaterThan(before + 3);
    const taken = await logging.end();
    expect([await stepsOf(store), (await textsOf(store)).length]).toEqual([taken, taken.length]);
    await store.stop();
  });
});

async function expectAway(store: StartedStore): Promise<void> {
  const read = await ask(store, 'POST', '/query/metrics', { runs: ['a'], metrics: ['loss'] });
  const { error } = (await read.json()) as { error: { code: string; message: string } };
  expect([read.status, error.code]).toEqual([503, 'unavailable']);
  expect(error.message).toMatch(/ClickHouse|PostgreSQL/);
  expect(Number(read.headers.get('retry-after'))).toBeGreaterThan(0);
}

describe('what is wrong with its servers', () => {
  it.each([
    [{ STORE_POSTGRES: 'postgres://nobody:x@127.0.0.1:1/x' }, /PostgreSQL at 127\.0\.0\.1:1 cannot be reached/],
    [{ STORE_CLICKHOUSE: 'http://127.0.0.1:1' }, /ClickHouse.*127\.0\.0\.1:1/],
    [
      { STORE_CLICKHOUSE: 'clickhouse://x' },
      /--clickhouse takes an address such as http:\/\/HOST:8123\/DATABASE, with/,
    ],
    [{ STORE_CLICKHOUSE: '' }, /--postgres wants --clickhouse beside it/],
  ])('is told in a sentence: %j', async (wrong, message) => {
    const started = spawnStore({ data, port: await freePort(), env: { ...env, ...wrong } });
    expect(await started.ended).not.toBe(0);
    expect(started.stderr()).toMatch(message);
    expect(started.stderr()).not.toMatch(/secret|\n\s+at /);
  });
});
