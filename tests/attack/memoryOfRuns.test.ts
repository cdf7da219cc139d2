import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readRun } from '../clients/readRun';
import { outputOf } from '../clients/startScript';
import * as mlflow from '../mlflow/pythonClient';
import { NEWEST as MLFLOW } from '../mlflow/versions';
import * as trackio from '../trackio/pythonClient';
import { NEWEST as TRACKIO } from '../trackio/versions';
import * as wandb from '../wandb/pythonClient';
import { NEWEST as WANDB } from '../wandb/versions';
import { type AttackedStore, attackedStore } from './attackedStore';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** A run of such a config takes twice as much memory. */
const CONFIG_BYTES = 4_100_000;
const MOST_RUNS = 100;
const STEPS = 5;
/** What is known of runs is at its limit of 512 MB, and descriptions of 4 MB each leave much to be collected. */
const MEMORY_BYTES = 2 * 2 ** 30;
const CLIENTS = [
  { name: 'mlflow', version: MLFLOW, ...mlflow },
  { name: 'trackio', version: TRACKIO, ...trackio },
  { name: 'wandb', version: WANDB, ...wandb },
];

let store: AttackedStore;
let pythons: string[];
beforeAll(async () => {
  pythons = await Promise.all(CLIENTS.map(({ installClient, version }) => installClient(version)));
  store = await attackedStore();
  expect((await put('there', 10)).status).toBe(200);
  let last = 200;
  for (let bytes = CONFIG_BYTES; bytes > 100; bytes = Math.floor(bytes / 8)) {
    last = 200;
    for (let i = 0; last === 200 && i < MOST_RUNS; i++) {
      last = (await put(`${bytes}-${i}`, bytes)).status;
    }
    expect(last).toBe(400);
  }
});
afterAll(() => store.stop());

const put = (run: string, bytes: number, query = '') =>
  store.call('PUT', `/api/v1/runs/${run}${query}`, { project: 'p', config: { text: 'x'.repeat(bytes) } });

it('at the end of the memory for what is known of runs no training ends: their runs begin, and are told what is left out', async () => {
  const refused = await put('new', 100);
  expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(/memoryOfAllRuns.*Delete runs/)]);
  expect((await put('new', 5_000, '?beyond=leave')).status).toBe(200);
  // What is there goes on.
  const entries = [{ step: 1, metrics: { loss: 1 } }];
  expect((await store.call('POST', '/api/v1/runs/there/log?beyond=leave', { entries })).status).toBe(200);
  await Promise.all(
    CLIENTS.map(async ({ name, startClient }, i) => {
      const args = [`${name}-new`, String(STEPS)];
      const output = await outputOf(
        await startClient('endless.py', { python: pythons[i] ?? '', url: store.url, args }),
        name,
      );
      expect(output).toContain(`step ${STEPS - 1} `);
      const read = readRun(store.url, `${name}-new`);
      expect((await read.run()).id).toBe(`${name}-new`);
      expect((await read.events()).map(({ title }) => title)).toContainEqual(
        expect.stringContaining('bytes of memory'),
      );
    }),
  );
  // Once there is room again, it is used.
  expect((await store.call('DELETE', `/api/v1/runs/${CONFIG_BYTES}-0`)).status).toBe(200);
  expect((await put('later', 100)).status).toBe(200);
  store.expectWell({ memory: MEMORY_BYTES });
});
