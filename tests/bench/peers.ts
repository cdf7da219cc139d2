import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolPath } from '../../.config/testTools';
import { event, frame } from '../../store/testing/eventBytes';
import { installPackage } from '../clients/installPackage';
import { NEWEST as MLFLOW } from '../mlflow/versions';
import { freePort } from '../processes/freePort';
import { runToSuccess, type Started, startProcess } from '../processes/startProcess';
import { installWriters } from '../tensorboard/installWriters';
import { note } from './figures';
import { machine } from './machine';
import { type Spread, spreadOf } from './median';
import { StoreClient } from './StoreClient';
import { startStore } from './startStore';

/*
 * The same curves of the same runs from the store and from what people use today, each asked over HTTP as its own page or
 * Grafana asks it, in rounds that alternate, so that what else the machine does happens to all of them.
 */

const RUNS = 10;
const POINTS = Number(process.env.BENCH_POINTS ?? 20_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
/** Points of a curve that are asked for: what a panel draws. */
const WANTED = 1_000;
const BATCH = 1_000;
const BEGIN = 1_764_547_200;

const ids = Array.from({ length: RUNS }, (_, i) => `run${i}`);
const valueAt = (run: number, step: number) => Math.sin(step / 2_000) + Math.sin(step * 7 + run) / 5;
const print = (line: string) => process.stdout.write(`${line}\n`);

/** What is asked of each; undefined where it has no such axis. */
interface Peer {
  name: string;
  byStep?(): Promise<unknown>;
  byTime?(): Promise<unknown>;
  stop(): Promise<unknown>;
}

async function answered(url: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${url}: ${answer.status} ${text.slice(0, 300)}`);
  }
  return text;
}

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Waits until a server answers, for two minutes at the most. */
async function ready(url: string, { process: child, output }: Started): Promise<void> {
  for (const end = performance.now() + 120_000; performance.now() < end && child.exitCode === null; ) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer: ${output().slice(-500)}`);
}

async function openStore(): Promise<Peer> {
  const store = await startStore();
  const client = new StoreClient(store.url);
  for (const [run, id] of ids.entries()) {
    await client.call('PUT', `/runs/${id}`, { project: 'bench' });
    for (let from = 0; from < POINTS; from += BATCH) {
      const entries = Array.from({ length: Math.min(BATCH, POINTS - from) }, (_, i) => {
        const step = from + i;
        return { step, time: (BEGIN + step) * 1_000, metrics: { loss: valueAt(run, step) } };
      });
      await client.call('POST', `/runs/${id}/log`, { entries });
    }
  }
  // Read to its end as text, like the answers of the others.
  const ask = (x: string) => async () => {
    const { status, text } = await client.send('POST', '/query/metrics', {
      runs: ids,
      metrics: ['loss'],
      x,
      maxPoints: WANTED,
    });
    if (status !== 200) {
      throw new Error(text.slice(0, 300));
    }
    return text;
  };
  return { name: 'the store', byStep: ask('step'), byTime: ask('time'), stop: () => store.stop() };
}

/** It keeps a sample of 1,000 points of each curve in memory, so what it gives has no extremes. */
async function openTensorBoard(folder: string): Promise<Peer> {
  const python = await installWriters();
  for (const [run, id] of ids.entries()) {
    await mkdir(join(folder, id));
    const events = Array.from({ length: POINTS }, (_, step) => frame(event(step, 'loss', valueAt(run, step))));
    await writeFile(join(folder, id, `events.out.tfevents.${BEGIN}.bench`), Buffer.concat(events));
  }
  const port = await freePort();
  const server = startProcess(python, [
    '-m',
    'tensorboard.main',
    '--logdir',
    folder,
    '--port',
    `${port}`,
    '--bind_all',
  ]);
  const url = `http://127.0.0.1:${port}/data/plugin/scalars`;
  await ready(`${url}/tags`, server);
  const read = async () => {
    const body = new URLSearchParams([['tag', 'loss'], ...ids.map((id) => ['runs', id])]);
    return answered(`${url}/scalars_multirun`, { method: 'POST', body });
  };
  // It reads its files in the background.
  for (let last = -1, now = 0; now !== last || now < RUNS * Math.min(POINTS, WANTED) * 20; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    [last, now] = [now, (await read()).length];
  }
  return { name: 'TensorBoard', byStep: read, byTime: read, stop: () => server.stop() };
}

/** By time alone; every so many seconds it gives the newest value, whatever was between. */
async function openPrometheus(folder: string): Promise<Peer> {
  const lines = ids.flatMap((id, run) =>
    Array.from({ length: POINTS }, (_, step) => `loss{run="${id}"} ${valueAt(run, step)} ${BEGIN + step}`),
  );
  const text = join(folder, 'points.txt');
  await writeFile(text, `# TYPE loss gauge\n${lines.join('\n')}\n# EOF\n`);
  await runToSuccess(toolPath('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', text, join(folder, 'data')]);
  await writeFile(join(folder, 'prometheus.yaml'), 'global: {}\n');
  const port = await freePort();
  const server = startProcess(toolPath('prometheus'), [
    `--config.file=${join(folder, 'prometheus.yaml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const url = `http://127.0.0.1:${port}`;
  await ready(`${url}/-/ready`, server);
  const step = Math.max(1, Math.ceil(POINTS / WANTED));
  const range = `start=${BEGIN}&end=${BEGIN + POINTS}&step=${step}`;
  const read = () => answered(`${url}/api/v1/query_range?query=loss&${range}`);
  if ((await read()).length < RUNS * (POINTS / step) * 10) {
    throw new Error('It has not all of the points.');
  }
  return { name: 'Prometheus', byTime: read, stop: () => server.stop() };
}

/** Of each curve every n-th point, as its page asks for them. */
async function openMlflow(folder: string): Promise<Peer> {
  const python = await installPackage('mlflow', MLFLOW);
  const port = await freePort();
  const args = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--default-artifact-root', folder];
  const server = startProcess(python, ['-m', 'mlflow', 'server', ...args, '--port', `${port}`, '--workers', '1']);
  const url = `http://127.0.0.1:${port}`;
  await ready(`${url}/health`, server);
  const runs: string[] = [];
  for (const run of ids.keys()) {
    const made = await answered(`${url}/api/2.0/mlflow/runs/create`, json({ experiment_id: '0' }));
    const run_id = (JSON.parse(made) as { run: { info: { run_id: string } } }).run.info.run_id;
    runs.push(run_id);
    for (let from = 0; from < POINTS; from += BATCH) {
      const metrics = Array.from({ length: Math.min(BATCH, POINTS - from) }, (_, i) => {
        const step = from + i;
        return { key: 'loss', value: valueAt(run, step), step, timestamp: (BEGIN + step) * 1_000 };
      });
      await answered(`${url}/api/2.0/mlflow/runs/log-batch`, json({ run_id, metrics }));
    }
  }
  const asked = new URLSearchParams([
    ...runs.map((id) => ['run_ids', id]),
    ['metric_key', 'loss'],
    ['max_results', `${WANTED}`],
  ]);
  const read = () => answered(`${url}/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?${asked}`);
  await read();
  return { name: `MLflow ${MLFLOW}`, byStep: read, byTime: read, stop: () => server.stop() };
}

/** Each of them once a round, in turn; milliseconds by peer. The first round, from cold caches, is not counted. */
async function ask(peers: readonly Peer[], question: 'byStep' | 'byTime'): Promise<Map<string, Spread>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const peer of peers) {
      const begin = performance.now();
      if (peer[question] && (await peer[question]()) !== undefined && round > 0) {
        times.set(peer.name, [...(times.get(peer.name) ?? []), performance.now() - begin]);
      }
    }
  }
  return new Map([...times].map(([name, all]) => [name, spreadOf(all)]));
}

const folder = await mkdtemp(join(tmpdir(), 'rolloscope-bench-'));
const peers: Peer[] = [];
try {
  print(machine());
  print(`${RUNS} runs x ${POINTS} points, about ${WANTED} of each asked for, ${ROUNDS} rounds that alternate`);
  const openers: Array<[string, (folder: string) => Promise<Peer>]> = [
    ['the store', openStore],
    ['Prometheus', openPrometheus],
    ['TensorBoard', openTensorBoard],
    ['MLflow', openMlflow],
  ];
  for (const [name, open] of openers) {
    const own = join(folder, name.replace(' ', '-'));
    await mkdir(own);
    const begin = performance.now();
    // What does not install here is left out, and said.
    const peer = await open(own).catch((cause: unknown) => {
      print(`${name} is left out: ${String(cause).slice(0, 300)}`);
      return undefined;
    });
    if (peer) {
      peers.push(peer);
      print(`${peer.name} has the points after ${((performance.now() - begin) / 1_000).toFixed(1)} s`);
    }
  }
  for (const [question, title, id] of [
    ['byStep', 'by step', 'curvesByStep'],
    ['byTime', 'by time', 'curvesByTime'],
  ] as const) {
    const found = await ask(peers, question);
    const own = found.get('the store')?.median ?? Number.NaN;
    for (const [name, { median, least, most }] of found) {
      const times = `${median.toFixed(1).padStart(8)} ms (${least.toFixed(1)} to ${most.toFixed(1)})`;
      print(`${title}: ${name.padEnd(14)} ${times.padEnd(32)} ${(median / own).toFixed(1)} x the store's`);
    }
    const store = found.get('the store');
    const [name, fastest] =
      [...found].filter(([peer]) => peer !== 'the store').sort(([, a], [, b]) => a.median - b.median)[0] ?? [];
    if (store) {
      note(id, {
        value: store.median,
        spread: [store.least, store.most],
        ...(name !== undefined && fastest && { baseline: { name, value: fastest.median } }),
      });
    }
  }
} finally {
  await Promise.all(peers.map((peer) => peer.stop()));
  await rm(folder, { recursive: true, force: true });
}
