import type { EventsAnswer, Run, RunsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { WireClient as MlflowClient } from '../mlflow/WireClient';
import { WireClient as TrackioClient } from '../trackio/WireClient';
import { WireClient as WandbClient } from '../wandb/WireClient';
import { type AttackedStore, attackedStore } from './attackedStore';

/* Clients of other tools that go beyond what a run may have: none of them is refused. */

vi.setConfig({ testTimeout: 120_000 });
let store: AttackedStore;
beforeAll(async () => {
  store = await attackedStore();
});
afterAll(() => store.stop());
beforeEach(() => store.reset());

const names = (prefix: string, count: number, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, value]));
const run = async (id: string) => (await store.call('GET', `/api/v1/runs/${encodeURIComponent(id)}`)).json as Run;
const leftOut = async (id: string) => {
  const { json } = await store.call('GET', `/api/v1/events?types=left_out&run=${encodeURIComponent(id)}`);
  return (json as EventsAnswer).events.map(({ title }) => title).sort();
};
const LEFT_OUT = ['Not kept: keys of config beyond 20,000', 'Not kept: metrics by name beyond 50,000'];
const sizes = ({ config = {}, summary = {} }: Run) => [Object.keys(config).length, Object.keys(summary).length];

it('a W&B client logs on', async () => {
  const client = new WandbClient(store.url, 'wandb', 'wide');
  const config = JSON.stringify(names('key', 25_000, { value: 1 }));
  await client.begin({ config });
  await client.begin({ config });
  await client.history(0, [{ _step: 0, ...names('a', 30_000) }]);
  await client.history(1, [{ _step: 1, ...names('b', 30_000), a1: 7 }]);
  await client.history(2, [{ _step: 2, a1: 8, more: 1, text: 'kept' }], { complete: true, exitcode: 0 });
  const found = await run('wide');
  expect([sizes(found), found.summary?.a1, found.state]).toEqual([[20_000, 50_000], 8, 'finished']);
  expect(await leftOut('wide')).toEqual(LEFT_OUT);
  store.expectWell();
});

it('a W&B client whose metrics have many step metrics logs on, and keeps nobody waiting', async () => {
  const client = new WandbClient(store.url, 'wandb', 'axes');
  const axes = Array.from({ length: 1_000 }, (_, i) => ({ 2: `${'m'.repeat(i % 200)}${i}*`, 4: `epoch${i}`, 6: [1] }));
  await client.begin({}, [...axes.slice(0, 999), { 2: '*', 4: 'epoch' }]);
  await store.reset();
  await client.history(0, [{ _step: 0, epoch: 0.5, ...names('train/m', 20_000), ...names('epoch', 999, 0) }]);
  await client.history(1, [{ _step: 1, epoch: 0.6, 'train/global_step': 5, ...names('train/m', 20_000) }]);
  expect((await run('axes')).lastStep).toBe(5);
  store.expectWell();
});

it('a W&B client that resumes is told of lines that it sent before, whatever else the run has by then', async () => {
  const client = new WandbClient(store.url, 'wandb', 'again');
  await client.begin();
  const lines = Array.from({ length: 2_000 }, (_, i) => ({ _step: i, _timestamp: 1 + i, ...names('m', 50, i) }));
  await client.history(0, lines);
  await store.reset();
  // From the first moment to the last one, in a run that goes on.
  await client.history(2_000, [lines[0], lines[1_999]]);
  await client.history(2_000, [{ ...lines[0], m1: -1 }]);
  const { summary } = await run('again');
  expect(summary?.m1).toBe(1_999);
  store.expectWell();
});

it('many W&B runs with long console output take no more memory than sessions may', async () => {
  const line = 'x'.repeat(2_000_000);
  for (let i = 0; i < 60; i++) {
    const client = new WandbClient(store.url, 'wandb', `console${i}`);
    await client.begin();
    const content = Array.from({ length: 4 }, (_, n) => `${n} ${line}`);
    const files = { 'output.log': { offset: 30_000, content } };
    await WandbClient.checked(await client.stream({ files }));
  }
  store.expectWell({ memory: 1.2 * 2 ** 30 });
});

it('an MLflow client logs on', async () => {
  const client = new MlflowClient(store.url);
  const { experiment_id: experiment } = await client.post('experiments/create', { name: 'mlflow' });
  const id = await client.begin(String(experiment), { run_name: 'mlflow-wide' });
  const list = (prefix: string, value: unknown) =>
    Array.from({ length: 10_000 }, (_, i) => ({ key: `${prefix}${i}`, value, timestamp: 1, step: 1 }));
  for (const part of ['a', 'b', 'c', 'd', 'e', 'f']) {
    await client.post('runs/log-batch', { run_id: id, metrics: list(part, 1), params: list(part, '1') });
  }
  await client.post('runs/log-metric', { run_id: id, key: 'a1', value: 5, timestamp: 2, step: 2 });
  const tags = Array.from({ length: 20 }, (_, i) => ({ key: `long${i}`, value: 'x'.repeat(99_000) }));
  await client.post('runs/log-batch', { run_id: id, tags });
  const found = await run('mlflow-wide');
  expect([sizes(found), found.summary?.a1]).toEqual([[20_000, 50_000], 5]);
  expect(await leftOut('mlflow-wide')).toEqual([...LEFT_OUT, 'Not kept: tags beyond 1000000 characters'].sort());
  const search = await client.post('runs/search', { experiment_ids: [experiment], filter: "params.a1 = '1'" });
  expect((search.runs as unknown[]).length).toBe(1);
  store.expectWell();
});

it('MLflow clients that create runs of one name at one time get one each, beside those of others', async () => {
  const client = new MlflowClient(store.url);
  const { experiment_id: experiment } = await client.post('experiments/create', { name: 'same' });
  const put = (id: string) =>
    store.call('PUT', `/api/v1/runs/${encodeURIComponent(id)}`, { project: 'same', name: 'own' });
  const created = await Promise.all([
    ...Array.from({ length: 20 }, (_, i) =>
      client.begin(String(experiment), { run_name: 'same', tags: [{ key: 'i', value: `${i}` }] }),
    ),
    ...['same', 'same/same'].map(put),
  ]);
  expect(new Set(created.slice(0, 20)).size).toBe(20);
  const { runs } = (await store.call('GET', '/api/v1/runs?project=same&include=config')).json as RunsAnswer;
  const ids = runs.flatMap(({ config }) => config?.['mlflow.runId'] ?? []);
  expect(new Set(ids).size).toBe(20);
  const { runs: found } = await client.post('runs/search', { experiment_ids: [experiment], max_results: 7 });
  expect((found as unknown[]).length).toBe(7);
});

it('a trackio client logs on', async () => {
  const client = new TrackioClient(store.url);
  const entry = { project: 'trackio', run: 'trackio-wide', run_id: 'abc' };
  const log = (metrics: object, more: object) => client.log([{ ...entry, metrics, ...more }]);
  await log(names('a', 30_000), { step: 0, log_id: '1', config: names('key', 25_000) });
  await log(names('b', 30_000), { step: 1, log_id: '2' });
  await log({ a1: 9, more: 1 }, { step: 2, log_id: '3' });
  const found = await run('trackio-wide');
  expect([sizes(found), found.summary?.a1]).toEqual([[20_000, 50_000], 9]);
  expect(await leftOut('trackio-wide')).toEqual(LEFT_OUT);
  store.expectWell();
});
