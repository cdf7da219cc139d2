import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../clients/folders';
import { readRun } from '../clients/readRun';
import type { Script } from '../clients/startScript';
import * as mlflow from '../mlflow/pythonClient';
import { NEWEST as MLFLOW } from '../mlflow/versions';
import * as trackio from '../trackio/pythonClient';
import { NEWEST as TRACKIO } from '../trackio/versions';
import * as wandb from '../wandb/pythonClient';
import { NEWEST as WANDB } from '../wandb/versions';
import { Moments, SEED, sleep } from './Moments';
import { type Ending, UnsteadyStore } from './UnsteadyStore';

/** How the store of each client is ended: 10 kills and 6 clean stops, at moments that are drawn. */
const ENDINGS: Ending[] = [
  ...Array<Ending>(4).fill('working'),
  ...Array<Ending>(2).fill('starting'),
  'ready',
  'upkeep',
  'checkpoint',
  'stopping',
  ...Array<Ending>(3).fill('stopped'),
  'stopped ready',
  'stopped at upkeep',
  'stopped starting',
];
const MOST_MS = 1_500;
const MOST_STEPS = 1_000_000;
/** Steps that a client gets on by between two ends. */
const STEPS_BETWEEN = 3;
const CLIENT_MS = 60_000;

type Read = ReturnType<typeof readRun>;

/** A client that logs `loss` at every step, and now and then a row of `samples`. */
interface Client {
  name: string;
  install(): Promise<string>;
  start(options: { python: string; url: string; args: string[] }): Promise<Script>;
  /** Steps between two rows. */
  rowEvery: number;
  /** What else must be there after so many steps. */
  expectMore(read: Read, steps: number): Promise<void>;
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

const CLIENTS: Client[] = [
  {
    name: 'mlflow',
    install: () => mlflow.installClient(MLFLOW),
    start: (options) => mlflow.startClient('endless.py', options),
    rowEvery: 20,
    async expectMore(read, steps) {
      expect(await read.points('reward', 'all')).toEqual(range(steps).map((i) => [i, 1 - i]));
      expect(await read.run()).toMatchObject({ state: 'finished', attempts: [{ n: 1 }] });
    },
  },
  {
    name: 'trackio',
    install: () => trackio.installClient(TRACKIO),
    start: (options) => trackio.startClient('endless.py', options),
    rowEvery: 50,
    async expectMore(read, steps) {
      const every = range(Math.ceil(steps / 50)).map((i) => 50 * i);
      const machine = (await read.times('system.gpu')).map(([, value]) => Number(value));
      expect(machine.sort((a, b) => a - b)).toEqual(every);
      expect(await read.count('traces')).toBe(every.length);
      expect(await read.run()).toMatchObject({ config: { lr: 0.5 }, attempts: [{ n: 1 }] });
    },
  },
  {
    name: 'wandb',
    install: () => wandb.installClient(WANDB),
    start: (options) => wandb.startClient('endless.py', options),
    rowEvery: 50,
    async expectMore(read, steps) {
      const shown = await read.lastRows('console', ['text'], 1_000);
      const lines = shown.filter(([text]) => String(text).startsWith('step '));
      expect(lines).toHaveLength(Math.min(steps, 1_000));
      expect(await read.run()).toMatchObject({ state: 'finished', attempts: [{ n: 1 }] });
    },
  },
];

describe(`clients that go on while their store is killed and restarted (DRAW_SEED=${SEED})`, () => {
  let folder: string;
  let pythons: string[];
  beforeAll(async () => {
    folder = await makeFolder();
    pythons = await Promise.all(CLIENTS.map(({ install }) => install()));
  }, 300_000);
  afterAll(() => removeFolder(folder));

  it('mlflow, trackio and wandb: all that they logged is there, once', { timeout: 600_000 }, async () => {
    const told = await Promise.all(CLIENTS.map((client, i) => goOn(client, pythons[i] ?? '', i)));
    process.stdout.write(`${told.join('\n')}\n`);
  });

  async function goOn(client: Client, python: string, i: number): Promise<string> {
    const data = join(folder, client.name);
    await mkdir(data);
    const end = join(folder, `${client.name}.end`);
    const moments = new Moments(SEED + i);
    const store = await UnsteadyStore.start(data, moments);
    const script = await client.start({ python, url: store.url, args: ['through', String(MOST_STEPS), end] });
    // Trackio's client sends the config with its first call alone, and without it when it sends that call again.
    const isThere = () =>
      readRun(store.url, 'through')
        .run()
        .then(Boolean, () => false);
    await expect.poll(isThere, { timeout: CLIENT_MS }).toBe(true);
    for (const how of moments.shuffled(ENDINGS)) {
      await untilItGetsOn(script);
      await store.endAndStart(how, MOST_MS);
    }
    await untilItGetsOn(script);
    await writeFile(end, '');
    expect(await script.ended, script.output()).toBe(0);

    const steps = stepsOf(script);
    const read = readRun(store.url, 'through');
    expect(await read.points('loss', 'all'), client.name).toEqual(range(steps).map((step) => [step, step / 8]));
    const rows = (await read.rows('samples', ['step', 'response'])) as [number, string][];
    const every = range(Math.ceil(steps / client.rowEvery)).map((n) => client.rowEvery * n);
    expect(
      rows.toSorted(([a], [b]) => a - b),
      client.name,
    ).toEqual(every.map((step) => [step, `r${step}`]));
    await client.expectMore(read, steps);
    await store.stop();
    return `${client.name}: ${steps} steps; ${store.describe()}`;
  }
});

const stepsOf = (script: Script) => [...script.output().matchAll(/^step (\d+) /gm)].length;

async function untilItGetsOn(script: Script): Promise<void> {
  const least = stepsOf(script) + STEPS_BETWEEN;
  for (const end = performance.now() + CLIENT_MS; stepsOf(script) < least; await sleep(20)) {
    if (performance.now() > end || script.process.exitCode !== null) {
      throw new Error(`The client does not get on:\n${script.output()}`);
    }
  }
}
