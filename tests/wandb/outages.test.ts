import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { makeFolder, removeFolder } from '../clients/folders';
import { readRun } from '../clients/readRun';
import { untilSays } from '../clients/startScript';
import { installClient, startClient } from './pythonClient';
import { NEWEST } from './versions';

const STEPS = 450;
const AWAY_MS = 30_000;
/** Far less than the store was away: `run.log` hands over to another process, and no network is in it. */
const LOG_MS = AWAY_MS / 3;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const steps = (count: number) => Array.from({ length: count }, (_, i) => i);

describe(`what goes wrong while wandb ${NEWEST} logs`, () => {
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

  it('a store that is killed and away for 30 s, and a client that is killed: nothing acknowledged is lost, nothing comes twice', async () => {
    const options = { python, url: store.url };
    const through = await startClient('endless.py', { ...options, args: ['through', String(STEPS)] });
    const killed = await startClient('endless.py', { ...options, args: ['killed', '100000'] });
    const orphan = await startClient('fails.py', { ...options, args: ['orphan', 'vanish'] });
    await untilSays(orphan, 'written');
    orphan.process.kill('SIGKILL');
    await untilSays(through, 'step 60 ');
    const port = Number(new URL(store.url).port);
    await store.kill();
    await sleep(AWAY_MS);
    store = await startStore({ data, port, args: ['--crashed-after', '3s'] });
    await untilSays(killed, 'step 400 ');
    killed.process.kill('SIGKILL');

    expect(await through.ended).toBe(0);
    const whole = readRun(store.url, 'through');
    expect(await whole.points('loss')).toEqual(steps(STEPS).map((i) => [i, i / 8]));
    expect(await whole.rows('samples', ['step', 'response'])).toEqual(
      steps(STEPS / 50).map((i) => [50 * i, `r${50 * i}`]),
    );
    const shown = await whole.rows('console', ['line', 'text']);
    expect(shown.filter(([, text]) => String(text).startsWith('step '))).toHaveLength(STEPS);
    expect((await whole.run()).state).toBe('finished');
    const machine = Object.keys((await whole.run()).summary ?? {}).filter((name) => name.startsWith('system.'));
    expect(machine.length).toBeGreaterThan(3);
    expect((await whole.times(machine[0] ?? '')).length).toBeGreaterThan(1);

    const slowest = Math.max(...[...through.output().matchAll(/took ([\d.]+) ms/g)].map(([, ms]) => Number(ms)));
    expect(slowest).toBeLessThan(LOG_MS);

    // What a killed client had handed over is there without a gap; then it falls silent.
    const points = await readRun(store.url, 'killed').points('loss');
    expect(points.length).toBeGreaterThan(60);
    expect(points).toEqual(steps(points.length).map((i) => [i, i / 8]));
    await killed.ended;
    for (const run of ['killed', 'orphan']) {
      let state = '';
      for (let waited = 0; state !== 'crashed' && waited < 60_000; waited += 500) {
        await sleep(500);
        state = (await readRun(store.url, run).run()).state;
      }
      expect(state).toBe('crashed');
    }
  }, 300_000);
});
