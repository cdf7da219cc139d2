import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { runCommand } from '../clients/runCommand';
import { WireClient as Mlflow } from '../mlflow/WireClient';
import { WireClient as Trackio } from '../trackio/WireClient';
import { tableValue, WireClient as Wandb } from '../wandb/WireClient';
import { type AttackedStore, attackedStore } from './attackedStore';
import { type SmallDisk, smallDisk } from './smallDisk';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

/** A file that waits for its history line, of a run that stays and of one that is deleted. */
const FILE = 'media/table/x_1_abc.table.json';
/** Rows of a step; the run that is deleted has most of what there is. */
const rowsOf = (run: string) => (run === 'b' ? 450 : 150);
const FULL = /disk is full: \d+ MB are free.*Delete runs or free some room/;

const away = mkdtempSync(join(tmpdir(), 'rolloscope-away-'));
let disk: SmallDisk;
let data: string;
let store: AttackedStore;
/** Of acknowledged calls, the steps; by run. */
const kept = new Map<string, number[]>();
const refused = new Map<string, number>();

beforeAll(async () => {
  disk = smallDisk(130);
  data = join(disk.folder, 'data');
  store = await attackedStore({ data });
});
afterAll(async () => {
  await store.stop();
  disk.remove();
  rmSync(away, { recursive: true, force: true });
});
afterEach(() => {
  store.expectWell();
});

const text = () => randomBytes(2_000).toString('base64');
const entryOf = (run: string, step: number) => ({
  step,
  metrics: { loss: step },
  tables: { t: { columns: ['n', 'text'], rows: Array.from({ length: rowsOf(run) }, (_, i) => [i, text()]) } },
});
const send = (run: string, step: number) =>
  store.call('POST', `/api/v1/runs/${run}/log`, { batchId: `${run}-${step}`, entries: [entryOf(run, step)] });
/** Logs one step; the status. */
async function log(run: string, step: number): Promise<number> {
  const { status, text: answer } = await send(run, step);
  if (status === 200) {
    kept.set(run, [...(kept.get(run) ?? []), step]);
  } else {
    expect([status, JSON.parse(answer).error.code]).toEqual([507, 'disk_full']);
    expect(answer).toMatch(FULL);
    refused.set(run, step);
  }
  return status;
}
/** The step to go on from. A log that is folded in makes some room again, so it is tried until nothing is taken. */
async function logUntilFull(runs: string[], from: number): Promise<number> {
  let step = from;
  for (let isTaken = true; isTaken && step < from + 300; await sleep(isTaken ? 1_500 : 0)) {
    isTaken = false;
    for (let isFull = false; !isFull && step < from + 300; step++) {
      for (const run of runs) {
        const status: number = isFull ? 507 : await log(run, step);
        isFull ||= status === 507;
        isTaken ||= status === 200;
      }
    }
  }
  expect(step).toBeLessThan(from + 300);
  return step;
}
const put = (run: string) => store.call('PUT', `/api/v1/runs/${run}`, { project: 'p' });
const wandb = (run: string) => new Wandb(store.url, 'p', run);
const tables = () => readdirSync(join(data, 'wandb', 'tables'));
const health = async () => (await store.call('GET', '/api/v1/health')).json as { status: string; storage: object };

async function points(run: string, metric = 'loss'): Promise<number[]> {
  const { json } = await store.call('POST', '/api/v1/query/metrics', {
    runs: [run],
    metrics: [metric],
    reduce: 'none',
  });
  return (json as { series: Array<{ step: number[] }> }).series[0]?.step ?? [];
}
async function rowCount(run: string, table = 't'): Promise<number> {
  const { json } = await store.call('POST', '/api/v1/query/rows', { runs: [run], table, limit: 1 });
  return (json as { total: number }).total;
}
/** Everything acknowledged is there, once, and nothing that was refused. */
async function expectAll(...runs: string[]): Promise<void> {
  for (const run of runs) {
    const steps = kept.get(run) ?? [];
    expect([run, await points(run)]).toEqual([run, steps]);
    expect([run, await rowCount(run)]).toEqual([run, steps.length * rowsOf(run)]);
  }
}
async function expectReads(): Promise<void> {
  await expectAll('a', 'b');
  expect((await store.call('GET', '/metrics')).status).toBe(200);
  expect(await health()).toMatchObject({ status: 'degraded', storage: { message: expect.stringMatching(FULL) } });
  const asked = await store.call('POST', '/api/v1/export', { runs: ['a'], table: 't', format: 'csv', limit: 10 });
  expect(asked.status).toBeLessThan(500);
}

let mlflowRun: string;
const trackioEntry = (step: number) => ({
  project: 'p',
  run: 'trackio',
  run_id: 'c'.repeat(32),
  metrics: { loss: step },
  step,
  config: null,
  log_id: `trackio/${step}`,
});

/** Every way to write something, and what each client takes for "later". */
async function expectRefused(): Promise<void> {
  const statuses = {
    native: await log('a', 9_000),
    ndjson: (
      await store.call('POST', '/api/v1/runs/a/log', '{"step":1,"metrics":{"x":1}}\n', {
        'content-type': 'application/x-ndjson',
      })
    ).status,
    put: (await put('new')).status,
    change: (await store.call('PUT', '/api/v1/runs/a', { project: 'p', config: { x: text() } })).status,
    events: (await store.call('POST', '/api/v1/runs/a/events', { events: [{ type: 'note', title: 'x' }] })).status,
    finish: (await store.call('POST', '/api/v1/runs/a/finish', {})).status,
    wandbRun: (await wandb('fresh').send('POST', '/graphql', graphql('fresh'))).status,
    wandbLines: (await wandb('w').stream({ files: { 'wandb-history.jsonl': line(900, { loss: 1 }) } })).status,
    wandbFile: (await wandb('w').upload('media/table/y_1_abc.table.json', table())).status,
    mlflow: (await mlflow().send('POST', 'mlflow/runs/log-batch', batch(900))).status,
    mlflowFile: (await mlflow().send('PUT', `mlflow-artifacts/artifacts/${mlflowRun}/t.json`, table())).status,
    trackio: (await new Trackio(store.url).call('bulk_log', { logs: [trackioEntry(900)], hf_token: null })).status,
  };
  const { mlflow: first, mlflowFile, ...others } = statuses;
  // MLflow's clients send again after a 503, and raise a 507 in the trainer.
  expect([first, mlflowFile]).toEqual([503, 503]);
  expect(others).toEqual(Object.fromEntries(Object.keys(others).map((way) => [way, 507])));
}
const graphql = (name: string) =>
  JSON.stringify({
    query: 'mutation UpsertBucket($name: String) { upsertBucket(input: {name: $name}) { bucket { id } } }',
    variables: { name, project: 'p', host: 'h' },
  });
const line = (offset: number, fields: object) => ({
  offset,
  content: [JSON.stringify({ _step: offset, _timestamp: 1e9 + offset, _runtime: offset, ...fields })],
});
const table = () => JSON.stringify({ columns: ['a'], data: Array.from({ length: 500 }, () => [text()]) });
const mlflow = () => new Mlflow(store.url);
const batch = (step: number) =>
  JSON.stringify({ run_id: mlflowRun, metrics: [{ key: 'loss', value: step, step, timestamp: 1e12 + step }] });

it('all ways to write are told that the disk is full, and reads and health go on', async () => {
  for (const run of ['a', 'b']) {
    expect((await put(run)).status).toBe(200);
  }
  for (const run of ['w', 'gone']) {
    await wandb(run).begin();
    await wandb(run).history(0, [{ _step: 0, _timestamp: 1e9, _runtime: 0, loss: 0 }]);
    expect((await wandb(run).upload(FILE, table())).status).toBe(200);
  }
  mlflowRun = await mlflow().begin('0', { run_name: 'm', start_time: 1 });
  await mlflow().post('runs/log-batch', JSON.parse(batch(1)));
  await new Trackio(store.url).log([trackioEntry(1)]);
  expect(tables()).toHaveLength(2);

  await logUntilFull(['a', 'b'], 0);
  // What is kept free is kept: nobody wrote into it.
  expect(disk.freeBytes()).toBeGreaterThan(10 * 2 ** 20);
  // So that what is smaller than those calls does not fit either.
  disk.fill(disk.freeBytes() - 3 * 2 ** 20);
  await expectRefused();
  await expectReads();
  expect(tables()).toHaveLength(2);
});

it('a backup on the same disk is refused, with nothing left of it; one elsewhere has the files that wait', async () => {
  const same = join(disk.folder, 'backup');
  const failed = await runCommand('backup', same, '--data', data);
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringMatching(/no room for the backup .* \d+ MB are free/)]);
  expect(existsSync(same) ? readdirSync(same) : []).toEqual([]);
  const copy = join(away, 'copy');
  expect((await runCommand('backup', copy, '--data', data)).code).toBe(0);
  const served = await attackedStore({ data: copy });
  try {
    const client = new Wandb(served.url, 'p', 'w');
    await client.history(1, [{ _step: 1, _timestamp: 1e9 + 1, _runtime: 1, x: tableValue(FILE) }]);
    const asked = await served.call('POST', '/api/v1/query/rows', { runs: ['w'], table: 'x', limit: 1 });
    expect(asked.json).toMatchObject({ total: 500 });
    expect(readdirSync(join(copy, 'wandb', 'tables'))).toHaveLength(1);
  } finally {
    await served.stop();
  }
});

it('an import says what it waits for', async () => {
  const file = join(away, 'metrics.jsonl');
  writeFileSync(file, Array.from({ length: 10 }, (_, step) => JSON.stringify({ step, loss: step })).join('\n'));
  const { code, stderr } = await runCommand('import', file, '--url', store.url, '--run', 'imported', '--project', 'p');
  expect(code).toBe(1);
  expect(stderr).toMatch(FULL);
});

it('others fill the disk to its last byte: a delete makes room, its files go, and logging goes on by itself', async () => {
  disk.fill();
  expect(disk.freeBytes()).toBeLessThan(8_192);
  await expectRefused();
  await expectReads();
  expect((await store.call('DELETE', '/api/v1/runs/gone')).status).toBe(200);
  await expect.poll(tables).toHaveLength(1);
  expect((await store.call('DELETE', '/api/v1/runs/b')).status).toBe(200);
  kept.delete('b');
  expect((await store.call('GET', '/api/v1/runs?project=p')).text).not.toContain('"id":"b"');
  let step = 10_000;
  await expect.poll(() => log('a', ++step), { timeout: 60_000, interval: 500 }).toBe(200);
  await expect.poll(async () => (await health()).status).toBe('ok');
  for (let i = 0; i < 10; i++) {
    await expect.poll(() => log('a', ++step), { interval: 500 }).toBe(200);
  }
  await expectAll('a');
  // What was refused meanwhile is sent again, and stored once.
  const again = [
    () => wandb('w').stream({ files: { 'wandb-history.jsonl': line(900, { loss: 1 }) } }),
    () => mlflow().send('POST', 'mlflow/runs/log-batch', batch(900)),
    () => new Trackio(store.url).call('bulk_log', { logs: [trackioEntry(900)], hf_token: null }),
  ];
  for (const one of again) {
    await expect.poll(async () => (await one()).status, { interval: 500 }).toBe(200);
  }
  expect(await points('trackio')).toEqual([1, 900]);
});

it('after a restart on the full disk everything acknowledged is there, once; a kill changes nothing of that', async () => {
  for (const end of [() => store.stop(), () => store.kill()]) {
    await logUntilFull(['a'], 20_000 + (kept.get('a')?.length ?? 0) * 100);
    disk.fill();
    await end();
    store = await attackedStore({ data });
    await expectAll('a');
    const last = kept.get('a')?.at(-1) ?? 0;
    // Acknowledged before: told so again, also where nothing could be written.
    const again = await send('a', last);
    expect([200, 507]).toContain(again.status);
    await expectAll('a');
    disk.clear();
  }
  const key = readFileSync(join(data, 'wandb', 'upload.key'));
  expect(key).toHaveLength(32);
  expect(new Set(key).size).toBeGreaterThan(8);
  // The file that has waited all along meets its line once there is room for its rows.
  const lines = { files: { 'wandb-history.jsonl': line(901, { x: tableValue(FILE) }) } };
  expect((await store.call('DELETE', '/api/v1/runs/a')).status).toBe(200);
  await expect.poll(async () => (await wandb('w').stream(lines)).status, { timeout: 60_000 }).toBe(200);
  expect(await rowCount('w', 'x')).toBe(500);
  expect(tables()).toEqual([]);
  expect(await points('w')).toEqual([0, 900]);
  expect(readdirSync(data).filter((name) => /part|new|rewrite/.test(name))).toEqual([]);
});
