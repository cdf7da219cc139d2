import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { note } from './figures';
import { machine } from './machine';
import { type Spread, spreadOf } from './median';
import { openMlflow } from './peers/openMlflow';
import { openPrometheus } from './peers/openPrometheus';
import { openStore } from './peers/openStore';
import { openTensorBoard } from './peers/openTensorBoard';
import { openTrackio } from './peers/openTrackio';
import { PANELS, type Peer, POINTS, RUNS, WANTED } from './peers/peer';

/*
 * The same curves of the same runs from the store and from what people use today, each asked over HTTP as its own page or
 * Grafana asks it, in rounds that alternate, so that what else the machine does happens to all of them.
 */

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const print = (line: string) => process.stdout.write(`${line}\n`);

/** Each of them once a round, in turn; milliseconds by peer. The first round, from cold caches, is not counted. */
async function ask(peers: readonly Peer[], question: 'byStep' | 'byTime' | 'refresh'): Promise<Map<string, Spread>> {
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
    ['trackio', openTrackio],
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
    ['refresh', `${PANELS.length} panels of half as many points`, 'panels'],
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
