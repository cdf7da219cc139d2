import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { makeFolder, removeFolder } from '../clients/folders';
import { readRun } from '../clients/readRun';
import { untilSays } from '../clients/startScript';
import { installClient, startClient } from './pythonClient';
import { NEWEST } from './versions';

const STEPS = 200;
/** How often the store is killed, wherever the client is just then. */
const KILLS = 4;
const AWAY_MS = 1_500;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe(`what goes wrong while mlflow ${NEWEST} logs`, () => {
  let data: string;
  let python: string;
  let store: StartedStore;
  beforeAll(async () => {
    data = await makeFolder();
    python = await installClient(NEWEST);
    store = await startStore({ data, args: ['--crashed-after', '3s'] });
  }, 300_000);
  afterAll(async () => {
    await store?.stop();
    await removeFolder(data);
  });

  it('a store that is killed again and again, and a client that is killed: what was answered is there, once', async () => {
    const options = { python, url: store.url };
    const through = await startClient('endless.py', { ...options, args: ['through', String(STEPS)] });
    const killed = await startClient('endless.py', { ...options, args: ['killed', '100000'] });
    for (let kill = 1; kill <= KILLS; kill++) {
      await untilSays(through, `step ${kill * 30} `);
      const port = Number(new URL(store.url).port);
      await store.kill();
      await sleep(AWAY_MS);
      store = await startStore({ data, port, args: ['--crashed-after', '3s'] });
    }
    expect(await through.ended).toBe(0);
    killed.process.kill('SIGKILL');
    await killed.ended;

    const whole = readRun(store.url, 'through');
    expect(await whole.points('loss')).toEqual(range(STEPS).map((i) => [i, i / 8]));
    expect(await whole.points('reward')).toEqual(range(STEPS).map((i) => [i, 1 - i]));
    expect(await whole.points('loss', 'all')).toHaveLength(STEPS);
    expect(await whole.rows('samples', ['step', 'response'])).toEqual(
      range(STEPS / 20).map((i) => [20 * i, `r${20 * i}`]),
    );
    expect(await whole.run()).toMatchObject({ state: 'finished', attempts: [{ n: 1 }] });

    const answered = [...killed.output().matchAll(/step (\d+) logged/g)].length;
    const points = await readRun(store.url, 'killed').points('loss', 'all');
    expect(answered).toBeGreaterThan(60);
    expect(points.length - answered === 0 || points.length - answered === 1).toBe(true);
    expect(points).toEqual(range(points.length).map((i) => [i, i / 8]));
    let state = '';
    for (let waited = 0; state !== 'crashed' && waited < 30_000; waited += 500) {
      await sleep(500);
      state = (await readRun(store.url, 'killed').run()).state;
    }
    expect(state).toBe('crashed');
  }, 300_000);
});
