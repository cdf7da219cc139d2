import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { installClient, runClient } from './pythonClient';
import { readRun } from './readRun';
import { NEWEST } from './versions';

let store: StartedStore;
let python: string;
beforeAll(async () => {
  [store, python] = await Promise.all([startStore(), installClient(NEWEST)]);
}, 300_000);
afterAll(() => store?.stop());

describe(`wandb ${NEWEST} logs into the store`, () => {
  it('numbers, config, texts and what a run says of itself', async () => {
    await runClient('scalars.py', { python, url: store.url, args: ['scalars'] });
    const logged = readRun(store.url, 'scalars');
    const run = await logged.run();
    expect(run).toMatchObject({
      project: 'maths',
      name: 'qwen-grpo',
      group: 'sweep-1',
      tags: ['grpo', '7b'],
      notes: 'first try',
      state: 'finished',
      config: { lr: 1e-4, model: { name: 'qwen', layers: [1, 2] }, late: 'yes', job_type: 'train' },
      summary: { best: 0.75, loss: 0.2 },
    });
    expect(run.resources).toEqual([expect.objectContaining({ host: expect.any(String), from: expect.any(Number) })]);
    expect(await logged.points('loss')).toEqual([0, 1, 2, 3, 4].map((i) => [i, 1 / (i + 1)]));
    expect(await logged.points('train/reward')).toEqual([0, 1, 2, 3, 4].map((i) => [10 * i, i / 2]));
    expect(await logged.points('odd/nan')).toEqual([[5, 'NaN']]);
    expect(await logged.points('odd/inf')).toEqual([[5, 'Infinity']]);
    expect(await logged.points('odd/minus')).toEqual([[5, '-Infinity']]);
    expect(await logged.points('odd/bool')).toEqual([[5, 1]]);
    expect(await logged.points('odd.deep.x')).toEqual([[5, 2]]);
    expect(await logged.points('big')).toEqual([[20, 2 ** 60]]);
    expect(await logged.points('small')).toEqual([[20, 5e-324]]);
    expect(await logged.rows('texts', ['step', 'name', 'value'])).toEqual([[20, 'phase', 'eval']]);
    for (const metric of [0, 499, 999]) {
      expect(await logged.points(`many/${metric}`)).toEqual([0, 1, 2].map((i) => [30 + i, metric + i / 4]));
    }
    expect(Object.keys(run.summary ?? {}).filter((name) => name.startsWith('many/'))).toHaveLength(1_000);
    expect(await logged.rows('console', ['step', 'text'])).toContainEqual([null, 'hello from the trainer']);
    expect((await logged.times('system.memory_percent')).length).toBeGreaterThan(0);
  });
});
