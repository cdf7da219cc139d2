import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRun } from '../clients/readRun';
import type { Script } from '../clients/startScript';
import * as mlflow from '../mlflow/pythonClient';
import { NEWEST as MLFLOW } from '../mlflow/versions';
import * as trackio from '../trackio/pythonClient';
import { NEWEST as TRACKIO } from '../trackio/versions';
import * as wandb from '../wandb/pythonClient';
import { NEWEST as WANDB } from '../wandb/versions';
import { type AttackedStore, attackedStore } from './attackedStore';
import { type SmallDisk, smallDisk } from './smallDisk';

/** How long the disk stays full: each client has tried several times by then, and none has given up. */
const FULL_MS = 6_000;
/** Steps that each client comes to before that. */
const STEPS_BEFORE = 30;
const CLIENT_MS = 120_000;
/** Of the run whose delete makes room. */
const ROWS = 25_000;

interface Client {
  name: string;
  install(): Promise<string>;
  start(options: { python: string; url: string; args: string[] }): Promise<Script>;
  /** Steps between two rows of `samples`. */
  rowEvery: number;
}

const CLIENTS: Client[] = [
  {
    name: 'mlflow',
    install: () => mlflow.installClient(MLFLOW),
    start: (options) => mlflow.startClient('endless.py', options),
    rowEvery: 20,
  },
  {
    name: 'trackio',
    install: () => trackio.installClient(TRACKIO),
    start: (options) => trackio.startClient('endless.py', options),
    rowEvery: 50,
  },
  {
    name: 'wandb',
    install: () => wandb.installClient(WANDB),
    start: (options) => wandb.startClient('endless.py', options),
    rowEvery: 50,
  },
];

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const stepsOf = (script: Script) => [...script.output().matchAll(/^step (\d+) /gm)].length;
const reaches = (script: Script, steps: number) =>
  expect.poll(() => stepsOf(script), { timeout: CLIENT_MS }).toBeGreaterThanOrEqual(steps);

describe('a disk that becomes full while clients log', () => {
  let disk: SmallDisk;
  let store: AttackedStore;
  let pythons: string[];
  const folder = mkdtempSync(join(tmpdir(), 'rolloscope-full-'));
  const end = join(folder, 'end');
  beforeAll(async () => {
    pythons = await Promise.all(CLIENTS.map(({ install }) => install()));
    disk = smallDisk(280);
    store = await attackedStore({ data: join(disk.folder, 'data') });
    await store.call('PUT', '/api/v1/runs/large', { project: 'p' });
    for (let step = 0; step < ROWS / 1_000; step++) {
      const rows = range(1_000).map((i) => [i, randomBytes(2_000).toString('base64')]);
      const entries = [{ step, tables: { t: { columns: ['n', 'text'], rows } } }];
      expect((await store.call('POST', '/api/v1/runs/large/log', { entries })).status).toBe(200);
    }
  }, 300_000);
  afterAll(async () => {
    await store?.stop();
    disk?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (run: string) =>
    Promise.all(
      CLIENTS.map((client, i) =>
        client.start({
          python: pythons[i] ?? '',
          url: store.url,
          args: [`${client.name}-${run}`, '1000000', end],
        }),
      ),
    );
  const health = async () => ((await store.call('GET', '/api/v1/health')).json as { status: string }).status;

  it('mlflow, trackio and wandb, also those that begin on it: all that they logged is there, once', async () => {
    const before = await start('before');
    await Promise.all(before.map((script) => reaches(script, STEPS_BEFORE)));
    disk.fill();
    await expect.poll(health, { timeout: 30_000 }).toBe('degraded');
    const since = before.map(stepsOf);
    const begun = await start('begun');
    await sleep(FULL_MS);
    // A call of MLflow's waits for its answer, and so does the start of a W&B run; nothing else notices.
    const [ofMlflow = 0, ...others] = before.map((script, i) => stepsOf(script) - (since[i] ?? 0));
    expect(ofMlflow).toBeLessThan(3);
    expect(Math.min(...others)).toBeGreaterThan(3);
    const running = [...before, ...begun].map(({ process }) => process.exitCode);
    expect(new Set(running)).toEqual(new Set([null]));
    const gone = await store.call('DELETE', '/api/v1/runs/large');
    expect([gone.status, gone.text], store.stderr()).toEqual([200, '{"deleted":"large"}']);
    await expect.poll(health, { timeout: 60_000 }).toBe('ok');
    const scripts = { before, begun };
    await Promise.all([...before, ...begun].map((script) => reaches(script, stepsOf(script) + STEPS_BEFORE)));
    writeFileSync(end, '');
    for (const [run, all] of Object.entries(scripts)) {
      for (const [i, { name, rowEvery }] of CLIENTS.entries()) {
        const script = all[i] as Script;
        expect(await script.ended, script.output()).toBe(0);
        const steps = stepsOf(script);
        const read = readRun(store.url, `${name}-${run}`);
        expect(await read.points('loss', 'all'), `${name}-${run}`).toEqual(
          range(steps).map((step) => [step, step / 8]),
        );
        const rows = (await read.rows('samples', ['step', 'response'])) as [number, string][];
        const every = range(Math.ceil(steps / rowEvery)).map((n) => rowEvery * n);
        expect(
          rows.toSorted(([a], [b]) => a - b),
          `${name}-${run}`,
        ).toEqual(every.map((step) => [step, `r${step}`]));
      }
    }
    // A trackio client sends the config with its first call only, and not with what it kept of that and sends again.
    const { config } = await readRun(store.url, 'trackio-before').run();
    expect(config).toEqual({ lr: 0.5 });
    store.expectWell();
  }, 400_000);
});
