import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MetricsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedStore, servedStore } from '../../store/testing/servedStore';
import { startImport } from '../../store/testing/startImport';
import { makeFolder, removeFolder } from '../clients/folders';
import { outputOf, startScript } from '../clients/startScript';
import { installWriters } from './installWriters';

/** By folder and tag: step, value and seconds of every point that TensorBoard itself reads. */
type Truth = Record<string, Record<string, [number, string, number][]>>;

const script = fileURLToPath(new URL('clients/write.py', import.meta.url));
const began = 1_764_547_200.25;

describe('event files of tensorboardX and of TensorBoard', { timeout: 120_000 }, () => {
  let store: ServedStore;
  let folder: string;
  let truth: Truth;
  let said: string[] = [];
  beforeAll(async () => {
    folder = await makeFolder();
    const [python, served] = await Promise.all([installWriters(), servedStore()]);
    store = served;
    const env = { PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION: 'upb' };
    const output = await outputOf(startScript({ python, args: [script, join(folder, 'of')], folder, env }), 'write.py');
    truth = JSON.parse(/^truth: (.*)$/m.exec(output)?.[1] ?? '{}') as Truth;
  }, 300_000);
  afterAll(async () => {
    await store?.stop();
    await removeFolder(folder);
  });

  const importOf = (path: string) =>
    startImport(path, store.url, { state: join(folder, 'state'), tell: (line) => said.push(line) });
  async function taken(path: string) {
    said = [];
    const source = importOf(join(folder, 'of', path));
    await source.pass(true);
    source.close();
    return source.summary.lines();
  }
  async function points(run: string) {
    const body = { runs: [run], metrics: ['*'], reduce: 'none' };
    const { series } = await store.ask<MetricsAnswer>('POST', '/query/metrics', body);
    return Object.fromEntries(
      series.map(({ metric, step, time, value }) => [metric, value.map((one, i) => [step[i], one, time[i]])]),
    );
  }
  const PYTHONS: Record<string, string> = { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' };
  const expected = (name: string, besides: Truth[string] = {}) =>
    Object.fromEntries(
      Object.entries({ ...truth[name], ...besides }).map(([tag, of]) => [
        tag,
        of.map(([step, value, seconds]) => [step, PYTHONS[value] ?? Number(value), Math.round(seconds * 1_000)]),
      ]),
    );

  it('are runs by their folders, every number as TensorBoard reads it, texts, config', async () => {
    const lines = await taken('logs');
    expect(said).toEqual([]);
    expect(lines[0]).toMatch(/into 4 runs/);
    expect(
      lines
        .find((line) => line.includes('left out'))
        ?.split(/: |, /)
        .toSorted(),
    ).toEqual(['  left out', 'histograms', 'images', 'pr_curves'].toSorted());
    const hparams = Object.keys(truth).find((name) => /^logs\/exp-1\/\d/.test(name)) ?? '';
    expect(Object.keys(truth[hparams] ?? {})).toContain('hparam/accuracy');
    expect(await points('logs/exp-1')).toEqual(expected('logs/exp-1', truth[hparams]));
    expect((await points('logs/exp-1'))['train/loss']?.[2]).toEqual([2, Math.fround(1 / 3), (began + 2) * 1_000]);
    const run = await store.run('logs/exp-1');
    expect(run).toMatchObject({ name: 'exp-1', project: 'logs', createdAt: began * 1_000 });
    expect(run.config).toEqual({
      ...{ lr: 0.5, model: 'qwen', fast: true },
      ...{ learning_rate: 1e-6, beta: 'NaN', reward_weights: [1, 0.5] },
    });
    expect(run.attempts).toHaveLength(1);
    expect(await store.rows('logs/exp-1', 'texts')).toEqual([
      { step: 4, name: 'note', value: '# It *works*\né \u{1f44d}' },
      { step: 0, name: 'args', value: '{"learning_rate": 1e-06, "beta": NaN, "reward_weights": [1, 0.5]}' },
    ]);
    expect(await points('logs/exp-1/both/first')).toEqual(expected('logs/exp-1/both/first'));
    const unread = { 'value/uint32': 4_000_000_000, 'content/uint32': 4_000_000_000 };
    const tensors = expected('logs/tensors');
    for (const [tag, value] of Object.entries({ ...unread, 'value/uint64': 2 ** 63, 'content/uint64': 2 ** 63 })) {
      tensors[tag] ??= [[1, value, (began + 1) * 1_000]];
    }
    expect(Object.keys(tensors)).toHaveLength(25);
    expect(await points('logs/tensors')).toEqual(tensors);
    expect((await store.run('logs/tensors')).config).toEqual({ nested: [1, null] });
    expect(await store.rows('logs/tensors', 'texts')).toEqual([
      { step: 1, name: 'grid', value: '[["a","é"],["b",""]]' },
      { step: 1, name: 'list', value: '["a","b"]' },
      { step: 1, name: 'one', value: 'a' },
    ]);
  });

  it('of a job that went on from a checkpoint, however often: one run, one attempt a file', async () => {
    await taken('resumed');
    const run = await store.run('resumed');
    expect(run.attempts).toHaveLength(11);
    expect(run.attempts.slice(1).every(({ fromStep }) => fromStep === 5)).toBe(true);
    const values = Array.from({ length: 10 }, (_, step) => [step, Math.fround((step < 5 ? 0 : 10) + step / 100)]);
    expect((await store.points('resumed')).reward).toEqual(values);
    const body = { runs: ['resumed'], metrics: ['reward'], reduce: 'none', attempts: 'all' };
    const { series } = await store.ask<MetricsAnswer>('POST', '/query/metrics', body);
    expect(series.reduce((sum, { value }) => sum + value.length, 0)).toBe(10 + 10 * 5);
  });

  it('of Trinity-RFT are the runs of one job, from whichever folder', async () => {
    for (const path of ['maths/gsm8k', 'maths/gsm8k/monitor', 'maths/gsm8k/monitor/tensorboard']) {
      await taken(path);
      for (const [role, tag] of [
        ['explorer', 'eval/gsm8k/accuracy'],
        ['trainer', 'critic/rewards/mean'],
      ]) {
        expect(await store.run(`gsm8k/${role}`)).toMatchObject({ project: 'maths', group: 'gsm8k' });
        expect(await points(`gsm8k/${role}`)).toEqual(expected(`maths/gsm8k/monitor/tensorboard/${role}`));
        expect(Object.keys(await points(`gsm8k/${role}`))).toEqual([tag]);
        await store.ask('DELETE', `/runs/${encodeURIComponent(`gsm8k/${role}`)}`);
      }
    }
  });

  it('are followed record by record, whatever the pieces are that arrive', async () => {
    const from = join(folder, 'of/logs/exp-1');
    const file = readdirSync(from).find((name) => name.includes('tfevents')) ?? '';
    const bytes = readFileSync(join(from, file));
    const live = join(folder, 'of/live');
    mkdirSync(live);
    writeFileSync(join(live, file), '');
    said = [];
    const source = importOf(live);
    await source.pass(false);
    for (let at = 0; at < bytes.length; at += 97) {
      appendFileSync(join(live, file), bytes.subarray(at, at + 97));
      await source.pass(false);
    }
    source.close();
    expect(said).toEqual([]);
    expect(await points('live')).toEqual(expected('logs/exp-1'));
    expect((await store.run('live')).attempts).toHaveLength(1);
  });
});
