import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { readRun } from '../clients/readRun';
import { installClient, runClient } from './pythonClient';
import { NEWEST } from './versions';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
/** Reads through the client's own service and through GraphQL from Python: from 0.23 on, and before. */
const VERSIONS = [NEWEST, '0.22.3'];

describe.each(VERSIONS)('scripts read back with wandb %s', { timeout: 180_000 }, (version) => {
  const project = `reads-${version.replaceAll('.', '-')}`;
  let store: StartedStore;
  let python: string;
  beforeAll(async () => {
    [store, python] = await Promise.all([startStore(), installClient(version)]);
  }, 300_000);
  afterAll(() => store?.stop());

  async function said(script: string): Promise<Record<string, unknown>> {
    const output = await runClient(script, { python, url: store.url, args: [project] });
    const lines = output.split('\n').flatMap((line) => {
      const [, what, value] = /^([\w ]+): (.*)$/.exec(line) ?? [];
      return what === undefined || value === undefined || what === 'wandb' ? [] : [[what, JSON.parse(value)] as const];
    });
    return Object.fromEntries(lines);
  }

  it('a run: what it is, its config, summary with texts, and history', async () => {
    const read = await said('reads.py');
    const name = `${project}-second`;
    expect(read.run).toEqual([
      ...[name, 'second', 'finished', ['second', 'both'], 'sweep', 'train', 'as tried', 'rolloscope', project],
    ]);
    expect(Math.abs(Date.parse(`${read.created}Z`) - Date.now())).toBeLessThan(600_000);
    expect(read.config).toEqual({ lr: 0.25, model: { layers: [1, 2] } });
    expect(read.summary).toEqual({ loss: 1 / 6, reward: 1.25, best: 0.25, note: 'the second one', _step: 6 });
    expect(read.long).toBe(5_000);
    expect(read.missing).toBeNull();
    const logged = numbers(6).map((step) => ({ loss: 1 / (step + 1), reward: step * 0.25 }));
    const own = { _timestamp: expect.any(Number), _runtime: expect.any(Number) };
    expect(read.history).toEqual(logged.map((row, step) => ({ ...row, ...own, _step: step })));
    expect(read.sampled).toEqual(logged.map((row, step) => ({ ...row, _step: step })));
    expect(read.scan).toEqual([
      ...logged.map((row, step) => ({ ...row, ...own, _step: step })),
      { ...own, _step: 6, late: 'NaN' },
    ]);
    expect(read['scan keys']).toMatchObject(logged);
    expect(read['scan some']).toMatchObject(logged.slice(2, 4).map(({ loss }) => ({ loss })));
    expect(read['scan some']).toHaveLength(2);
    expect(read['scan pages']).toEqual(logged.map(({ reward }) => reward));
    expect(read['scan nothing']).toEqual([]);
    expect(read['last step']).toBe(6);

    expect(read.runs).toEqual(['first', 'second']);
    expect(read.count).toBe(2);
    expect(read.paged).toEqual(['first', 'second']);
    expect(read['newest first']).toEqual(['second', 'first']);
    expect(read['by config']).toEqual(['second', 'first']);
    expect(read['by summary']).toEqual(['first', 'second']);
    expect(read['of config']).toEqual(['second']);
    expect(read['of two']).toEqual(['first']);
    expect(read['of either']).toEqual(['first', 'second']);
    expect(read['of state']).toEqual([]);
    expect(read['of summary']).toEqual(['first']);
    expect(read['of id']).toEqual(['first']);
    expect(read.lazy).toEqual([
      [0.5, 2.5],
      [0.25, 1.25],
    ]);
    expect(String(read['no run'])).toContain('Could not find run');
    expect(String(read['no project'])).toContain('Could not find project');
    expect(String(read['no filter'])).toContain('400');
    // Texts of the summary are rows of the run, each once.
    expect((await readRun(store.url, name).rows('texts', ['name', 'step'])).toSorted()).toEqual([
      ['long', null],
      ['note', null],
    ]);
  });

  it('artifacts: nothing hangs or fails, and the run says that they are not kept', async () => {
    const read = await said('artifacts.py');
    expect(read).toMatchObject({ wait: 'model:v0', use: 'model', 'use by name': 'model' });
    expect(String(read['use what is not there'])).toContain('not found');
    expect(read).toMatchObject({ 'log model': null, logged: [], used: [], files: [] });
    const events = await readRun(store.url, `${project}-artifacts`).events();
    expect(events.filter(({ type }) => type === 'left_out').map(({ title }) => title)).toEqual([
      'Not kept: W&B artifacts of type model',
    ]);
  });

  it('a fork: what its parent had logged up to the step, and its own', async () => {
    await runClient('fork.py', { python, url: store.url, args: [project] });
    const child = readRun(store.url, `${project}-child`);
    expect(await child.points('loss')).toEqual([
      ...numbers(5).map((step) => [step, step]),
      ...[5, 6, 7].map((step) => [step, 100 + step]),
    ]);
    expect(await child.points('other')).toEqual([
      [1, 0.5],
      [3, 1.5],
    ]);
    expect(await child.run()).toMatchObject({ parent: { run: `${project}-parent`, step: 4 }, attempts: [{ n: 1 }] });
  });
});
