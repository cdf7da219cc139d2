import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { makeFolder, removeFolder } from '../clients/folders';
import { readRun } from '../clients/readRun';
import { untilSays } from '../clients/startScript';
import { installClient, startClient } from './pythonClient';
import { NEWEST, OLDER } from './versions';

const STEPS = 300;
const AWAY_MS = 8_000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const steps = (count: number) => Array.from({ length: count }, (_, i) => i);

describe.each([NEWEST, OLDER[0]])('what goes wrong while trackio %s logs', (version) => {
  let data: string;
  let python: string;
  let store: StartedStore;
  beforeAll(async () => {
    data = await makeFolder();
    python = await installClient(version);
    store = await startStore({ data });
  }, 300_000);
  afterAll(async () => {
    await store?.stop();
    await removeFolder(data);
  });

  it('a store that is killed twice: everything is there, once', async () => {
    const client = await startClient('endless.py', { python, url: store.url, args: ['through', String(STEPS)] });
    const port = Number(new URL(store.url).port);
    for (const reached of ['step 60 ', 'step 170 ']) {
      await untilSays(client, reached);
      await store.kill();
      await sleep(AWAY_MS);
      store = await startStore({ data, port });
    }
    expect(await client.ended).toBe(0);
    expect(client.output()).not.toContain('could not');
    const logged = readRun(store.url, 'through');
    expect(await logged.points('loss')).toEqual(steps(STEPS).map((i) => [i, i / 8]));
    const samples = steps(STEPS / 50).map((i) => [50 * i, `r${50 * i}`]);
    const rows = (await logged.rows('samples', ['step', 'response'])) as [number, string][];
    expect(rows.sort(([a], [b]) => a - b)).toEqual(samples);
    if ((await logged.tables()).includes('traces')) {
      expect(await logged.count('traces')).toBe(STEPS / 50);
    }
    const machine = await logged.times('system.gpu');
    expect(machine.map(([, value]) => Number(value)).sort((a, b) => a - b)).toEqual(
      steps(STEPS / 50).map((i) => 50 * i),
    );
    const run = await logged.run();
    expect(run).toMatchObject({ project: 'endless', config: { lr: 0.5 }, lastStep: STEPS - 1 });
    expect(run.attempts).toHaveLength(1);
    const slowest = Math.max(...[...client.output().matchAll(/took ([\d.]+) ms/g)].map(([, ms]) => Number(ms)));
    expect(slowest).toBeLessThan(AWAY_MS / 4);
  }, 300_000);

  it('a store that comes only after the run began: all of it, with its config', async () => {
    const port = Number(new URL(store.url).port);
    await store.kill();
    const client = await startClient('endless.py', { python, url: store.url, args: ['early', '80'] });
    await untilSays(client, 'step 30 ');
    store = await startStore({ data, port });
    expect(await client.ended).toBe(0);
    const logged = readRun(store.url, 'early');
    expect(await logged.points('loss')).toEqual(steps(80).map((i) => [i, i / 8]));
    expect((await logged.run()).config).toEqual({ lr: 0.5 });
  }, 300_000);
});
