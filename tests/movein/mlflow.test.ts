import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { makeFolder, removeFolder } from '../clients/folders';
import { bin } from '../clients/runCommand';
import { outputOf, startScript } from '../clients/startScript';
import { runProcess } from '../processes/startProcess';
import { interceptingProxy } from './interceptingProxy';
import { installServer, type MlflowServer, startServer } from './mlflowServer';
import { counts, wholeRun } from './wholeRun';

vi.setConfig({ testTimeout: 240_000 });
let server: MlflowServer;
let store: StartedStore;
let folder: string;
let python: string;
beforeAll(async () => {
  [python, folder, store] = await Promise.all([installServer(), makeFolder(), startStore()]);
  server = await startServer(python, folder);
  const script = fileURLToPath(new URL('clients/mlflow_fill.py', import.meta.url));
  await outputOf(startScript({ python, args: [script, server.url], folder, env: {} }), 'mlflow_fill.py');
}, 600_000);
afterAll(async () => {
  await server?.stop();
  await store?.stop();
  await removeFolder(folder);
});

async function move(from: string, ...args: string[]) {
  const all = [bin, 'import', 'mlflow', from, '--url', store.url, '--state', join(folder, 'state'), ...args];
  return runProcess(process.execPath, all, { env: { PATH: process.env.PATH, HOME: folder } });
}

it('runs of all experiments: what they are, every point and every row; once, also when the line is cut midway', async () => {
  let cut = 0;
  const proxy = await interceptingProxy(server.url, ({ path, before }) => {
    if (path.includes('get-history') && cut++ % 3 === 0) {
      return before % 2 === 0 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200, isCut: true };
    }
    return undefined;
  });
  const first = await move(proxy.url);
  await proxy.stop();
  expect(first, first.stderr).toMatchObject({ code: 0 });
  expect(first.stdout).toMatch(/^grpo: finished, 312 points, 6 rows, as grpo$/m);
  expect(first.stdout).toMatch(/^ppo: failed, 1 point, 0 rows, as ppo$/m);
  const expectWhole = async () => {
    const grpo = await wholeRun(store.url, 'grpo');
    expect(grpo.what).toMatchObject({
      name: 'grpo',
      project: 'maths',
      state: 'finished',
      tags: ['team=a'],
      notes: 'first try',
    });
    expect(grpo.what.config).toMatchObject({ lr: 1e-4, model: 'qwen', flag: true });
    expect(grpo.points['train/reward']).toEqual(Array.from({ length: 300 }, (_, step) => [step, step / 4]));
    expect(grpo.points.odd).toEqual([[0, 1.5], ...[50, 100, 150, 200, 250].map((step) => [step, 'NaN'])]);
    expect(grpo.points['eval/accuracy']).toHaveLength(6);
    expect(grpo.points).not.toHaveProperty('system/cpu');
    expect(counts(grpo)).toEqual({ points: 312, rows: 6 });
    expect(grpo.rows.rollouts).toMatchObject({
      rows: [0, 1, 2].flatMap((step) => [
        [step, 'p', `r${step}`, step / 2],
        [step, 'q', 'é\n', 1],
      ]),
    });
    expect((await wholeRun(store.url, 'ppo')).what).toMatchObject({ state: 'failed' });
    // Another run of that name, of another experiment.
    expect(await wholeRun(store.url, 'other/grpo')).toMatchObject({
      what: { project: 'other' },
      points: { loss: [[1, 1]] },
    });
  };
  await expectWhole();
  // Under another address nothing is known of it here; the store knows.
  expect(await move(server.url)).toMatchObject({ code: 0 });
  await expectWhole();
  expect(await move(server.url)).toMatchObject({
    code: 0,
    stdout: `${server.url}: 0 runs taken, 3 without anything new\n`,
  });
  expect(await move(server.url, '--again')).toMatchObject({ code: 0 });
  await expectWhole();
});

it('what is wrong is said', async () => {
  expect(await move(server.url, '--experiment', 'nothing')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no experiment nothing'),
  });
  expect(await move('mlflow:5000')).toMatchObject({ code: 2, stderr: expect.stringContaining('http://mlflow:5000') });
  expect(await move(`${store.url}/nowhere`)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is no MLflow server'),
  });
  const closed = await interceptingProxy(server.url, () => ({ status: 401 }));
  expect(await move(closed.url)).toMatchObject({ code: 1, stderr: expect.stringContaining('MLFLOW_TRACKING_TOKEN') });
  await closed.stop();
});
