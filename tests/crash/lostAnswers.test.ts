import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { makeFolder, removeFolder } from '../clients/folders';
import { type Cut, type LosingOptions, type LosingProxy, losingProxy } from '../clients/losingProxy';
import { readRun } from '../clients/readRun';
import { runCommand } from '../clients/runCommand';
import { untilSays } from '../clients/startScript';
import * as mlflow from '../mlflow/pythonClient';
import { NEWEST as MLFLOW } from '../mlflow/versions';
import * as trackio from '../trackio/pythonClient';
import { NEWEST as TRACKIO } from '../trackio/versions';
import * as wandb from '../wandb/pythonClient';
import { NEWEST as WANDB } from '../wandb/versions';
import { Moments, SEED } from './Moments';
import { Trainer } from './Trainer';

const CUTS: Cut[] = ['before', 'within', 'after', 'late'];
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const losses = (count: number) => range(count).map((i) => [i, i / 8]);

describe('a proxy that loses answers: what is sent again is stored once', () => {
  let store: StartedStore;
  let folder: string;
  const proxies: LosingProxy[] = [];
  beforeAll(async () => {
    folder = await makeFolder();
    store = await startStore();
  });
  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    await store.stop();
    await removeFolder(folder);
  });

  async function behindProxy(options: LosingOptions): Promise<LosingProxy> {
    const proxy = await losingProxy(store.url, options);
    proxies.push(proxy);
    return proxy;
  }

  it('log calls', { timeout: 120_000 }, async () => {
    const proxy = await behindProxy({ nth: 3, cuts: CUTS });
    const trainer = new Trainer(proxy.url, 'native', new Moments(SEED));
    const work = trainer.work();
    await trainer.until(12);
    trainer.end();
    await work;
    expect([...proxy.cuts.keys()].sort()).toEqual([...CUTS].sort());
    await trainer.expectAllOnce(store.url);
  });

  it('an import', { timeout: 120_000 }, async () => {
    const cuts: Cut[] = ['before', 'within', 'after'];
    const proxy = await behindProxy({ nth: 2, cuts });
    const run = join(folder, 'imported');
    mkdirSync(run);
    for (let file = 0; file < 8; file++) {
      const lines = range(1_000).map((i) => JSON.stringify({ step: 1_000 * file + i, loss: i }));
      writeFileSync(join(run, `${file}.jsonl`), `${lines.join('\n')}\n`);
    }
    const args = ['import', run, '--project', 'p', '--url', proxy.url, '--state', join(folder, 'state')];
    const { code, stdout, stderr } = await runCommand(...args);
    expect([code, stderr], stdout).toEqual([0, expect.not.stringContaining('refused')]);
    expect([...proxy.cuts.keys()].sort()).toEqual([...cuts].sort());
    const points = await readRun(store.url, 'imported').points('loss', 'all');
    expect(points).toEqual(range(8_000).map((i) => [i, i % 1_000]));
  });

  it('mlflow', { timeout: 300_000 }, async () => {
    const python = await mlflow.installClient(MLFLOW);
    const proxy = await behindProxy({ nth: 3, cuts: ['before', 'within', 'late'] });
    const steps = 60;
    const env = { MLFLOW_HTTP_REQUEST_TIMEOUT: '2' };
    const client = await mlflow.startClient('endless.py', { python, url: proxy.url, env, args: ['lossy', `${steps}`] });
    expect([await client.ended, client.output()]).toEqual([0, expect.stringContaining('step 59 logged')]);
    expect(Object.fromEntries(proxy.lost)).toMatchObject({
      '/api/2.0/mlflow/runs/log-batch': expect.any(Number),
      '/api/2.0/mlflow/runs/update': 1,
    });
    expect(proxy.cuts.size).toBe(3);
    const logged = readRun(store.url, 'lossy');
    expect(await logged.points('loss', 'all')).toEqual(losses(steps));
    expect(await logged.rows('samples', ['step', 'response'])).toEqual([0, 20, 40].map((i) => [i, `r${i}`]));
    expect(await logged.run()).toMatchObject({ state: 'finished', attempts: [{ n: 1 }] });
    const answer = await fetch(`${store.url}/api/v1/runs?project=outages`);
    expect(((await answer.json()) as RunsAnswer).runs.map(({ id }) => id)).toEqual(['lossy']);
  });

  it('mlflow, whose client asks no more once it has the head of an answer', { timeout: 300_000 }, async () => {
    const python = await mlflow.installClient(MLFLOW);
    const isCut = (path: string) => path.endsWith('/log-batch');
    const proxy = await behindProxy({ nth: 3, cuts: ['after'], isCut });
    const output = await mlflow.runClient('lossy.py', { python, url: proxy.url, args: ['cut', '30'] });
    const told = [...output.matchAll(/step (\d+) logged/g)].map(([, step]) => Number(step));
    const points = await readRun(store.url, 'cut').points('loss', 'all');
    const steps = points.map(([step]) => Number(step));
    expect(proxy.cuts.get('after')).toBeGreaterThan(5);
    expect(steps).toEqual([...new Set(steps)]);
    expect(steps).toEqual(expect.arrayContaining(told));
    expect(points).toEqual(steps.map((step) => [step, step / 8]));
  });

  it('trackio', { timeout: 300_000 }, async () => {
    const python = await trackio.installClient(TRACKIO);
    const proxy = await behindProxy({ nth: 2, cuts: CUTS });
    const steps = 120;
    const args = ['endless.py', 'tracked', String(steps)];
    const client = await trackio.startClient('impatient.py', { python, url: proxy.url, args });
    expect(await client.ended, client.output()).toBe(0);
    expect([...proxy.cuts.keys()].sort(), client.output()).toEqual([...CUTS].sort());
    const logged = readRun(store.url, 'tracked');
    expect(await logged.points('loss', 'all')).toEqual(losses(steps));
    const rows = (await logged.rows('samples', ['step', 'response'])) as [number, string][];
    expect(rows.toSorted(([a], [b]) => a - b)).toEqual([0, 50, 100].map((i) => [i, `r${i}`]));
    expect(await logged.count('traces')).toBe(3);
    expect((await logged.times('system.gpu')).length).toBe(3);
    expect((await logged.run()).attempts).toHaveLength(1);
  });

  it('wandb', { timeout: 300_000 }, async () => {
    const python = await wandb.installClient(WANDB);
    // Not `after`: where the body of an answer is cut, this client gives up the table that it was about to upload.
    const cuts: Cut[] = ['before', 'within', 'late'];
    const proxy = await behindProxy({ nth: 3, cuts });
    const steps = 150;
    const env = { WANDB_HTTP_TIMEOUT: '4', WANDB_FILE_PUSHER_TIMEOUT: '4', WANDB_X_FILE_STREAM_TIMEOUT_SECONDS: '4' };
    const client = await wandb.startClient('endless.py', { python, url: proxy.url, env, args: ['biased', `${steps}`] });
    expect(await client.ended, client.output()).toBe(0);
    expect([...proxy.cuts.keys()].sort(), client.output()).toEqual([...cuts].sort());
    const logged = readRun(store.url, 'biased');
    expect(await logged.points('loss', 'all')).toEqual(losses(steps));
    expect(await logged.rows('samples', ['step', 'response'])).toEqual([0, 50, 100].map((i) => [i, `r${i}`]));
    const lines = (await logged.lastRows('console', ['text'], 1_000)).filter(([text]) => `${text}`.startsWith('step '));
    expect(lines).toHaveLength(steps);
    expect(await logged.run()).toMatchObject({ state: 'finished', attempts: [{ n: 1 }] });
  });

  it('wandb, whose client gives up a table where the body of the answer with its address is cut', {
    timeout: 300_000,
  }, async () => {
    const python = await wandb.installClient(WANDB);
    // Not before it logs: a client whose first calls are cut so does not begin.
    let isOn = false;
    const proxy = await behindProxy({ nth: 2, cuts: ['after'], isCut: () => isOn });
    const [steps, every] = [80, 4];
    const args = ['given-up', `${steps}`, '', `${every}`];
    const client = await wandb.startClient('endless.py', { python, url: proxy.url, args });
    await untilSays(client, 'step 1 ');
    isOn = true;
    expect(await client.ended, client.output()).toBe(0);
    expect(proxy.cuts.get('after')).toBeGreaterThan(5);
    const logged = readRun(store.url, 'given-up');
    expect(await logged.points('loss', 'all')).toEqual(losses(steps));
    // It says itself how many files it brought, which may be none; of the others it gave up the store tells.
    const brought = Number(/(\d+) media file/.exec(client.output())?.[1] ?? 0);
    const rows = brought === 0 ? [] : ((await logged.rows('samples', ['step', 'response'])) as [number, string][]);
    expect(rows).toHaveLength(brought);
    expect(rows.map(([step]) => [step, `r${step}`])).toEqual(rows);
    expect(new Set(rows.map(([step]) => step)).size).toBe(brought);
    const titles = (await logged.events()).map(({ title }) => title);
    expect(titles.includes('Not kept: tables whose files did not come')).toBe(brought < steps / every);
  });
});
