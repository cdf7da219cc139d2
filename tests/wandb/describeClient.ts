import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { makeFolder, removeFolder } from '../clients/folders';
import { readRun } from '../clients/readRun';
import { findRuns, installClient, runClient, startClient } from './pythonClient';

const TOKEN = 'a token-of this store';
const numbers = (count: number, of = (i: number) => i) => Array.from({ length: count }, (_, i) => of(i));

/** A client starts in a second, and in many on a busy machine. */
const PATIENCE = { timeout: 180_000 };

/**
 * What every version of the client must be able to log, read back through v1, value by value. `core` leaves out what is
 * the same code in all versions.
 */
export function describeClient(version: string, matrix: 'whole' | 'core'): void {
  describe(`wandb ${version} logs into the store`, PATIENCE, () => {
    let store: StartedStore;
    let python: string;
    beforeAll(async () => {
      const args = ['--write-token', TOKEN, '--read-token', 'r', '--crashed-after', '3s'];
      [store, python] = await Promise.all([startStore({ args }), installClient(version)]);
    }, 300_000);
    afterAll(() => store?.stop());

    const client = (args: string[], env: Record<string, string> = {}) => ({
      python,
      url: store.url,
      token: TOKEN,
      args,
      env,
    });
    const read = (run: string) => readRun(store.url, run, 'r');

    it('numbers, config, texts and what a run says of itself', async () => {
      await runClient('scalars.py', client(['scalars']));
      const logged = read('scalars');
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
      expect(await logged.points('loss')).toEqual(numbers(5).map((i) => [10 * i, 1 / (i + 1)]));
      expect(await logged.points('train/reward')).toEqual(numbers(5).map((i) => [10 * i, i / 2]));
      expect(await logged.points('odd/nan')).toEqual([[5, 'NaN']]);
      expect(await logged.points('odd/inf')).toEqual([[5, 'Infinity']]);
      expect(await logged.points('odd/minus')).toEqual([[5, '-Infinity']]);
      expect(await logged.points('odd/bool')).toEqual([[5, 1]]);
      expect(await logged.points('odd.deep.x')).toEqual([[5, 2]]);
      expect(await logged.points('big')).toEqual([[20, 2 ** 60]]);
      expect(await logged.points('small')).toEqual([[20, 5e-324]]);
      expect(await logged.rows('texts', ['step', 'name', 'value'])).toEqual([[20, 'phase', 'eval']]);
      for (const metric of [0, 499, 999]) {
        expect(await logged.points(`many/${metric}`)).toEqual(numbers(3).map((i) => [30 + i, metric + i / 4]));
      }
      expect(Object.keys(run.summary ?? {}).filter((name) => name.startsWith('many/'))).toHaveLength(1_000);
      expect(await logged.rows('console', ['step', 'text'])).toContainEqual([null, 'hello from the trainer']);
      expect(await logged.events()).toContainEqual(
        expect.objectContaining({ type: 'alert', title: 'reward hacked', text: 'look at step 4' }),
      );
    });

    it('tables in every mode, each row once', async () => {
      await runClient('tables.py', client(['tables']));
      const logged = read('tables');
      const examples = [1, 2].flatMap((step) => [
        ...numbers(3).map((i) => [step, `prompt ${i}`, `answer ${step}.${i}\n<b>é</b> \u{1f44d}`, i / 2]),
        [step, 'bad', null, 'NaN'],
      ]);
      expect(await logged.rows('rollout_examples', ['step', 'prompt', 'response', 'reward'])).toEqual(examples);
      expect(await logged.columns('completions')).toEqual(
        expect.arrayContaining([
          { name: 'prompt', type: 'string', origin: 'logged', role: 'prompt' },
          { name: 'response', type: 'string', origin: 'logged', role: 'response' },
          { name: 'format_reward', type: 'number', origin: 'logged', role: 'rewardPart' },
          { name: 'reward_sum', type: 'number', origin: 'logged', role: 'reward' },
        ]),
      );
      expect(await logged.rows('completions', ['step', 'prompt', 'response', 'format_reward', 'reward_sum'])).toEqual([
        [7, 'p', 'c', 0.5, 0.75],
      ]);
      expect(await logged.rows('val/generations', ['step', 'sample', 'prompt', 'response', 'score'])).toEqual(
        numbers(5).flatMap((i) => [
          [10 + i, 1, 'p1', `a${10 + i}`, 0.5],
          [10 + i, 2, 'p2', `b${10 + i}`, 1],
        ]),
      );
      const tables = await logged.tables();
      if (tables.includes('mutable')) {
        const rows = numbers(4).map((i) => [20 + i, 'm', `mutable ${20 + i}`, null]);
        const changed = numbers(4).map((i) => [24, 'm', `mutable ${20 + i}`, i / 4]);
        expect(await logged.rows('mutable', ['step', 'prompt', 'response', 'reward'])).toEqual([...rows, ...changed]);
        const increments = numbers(4).map((i) => [20 + i, 'i', `increment ${20 + i}`]);
        expect(await logged.rows('incremental', ['step', 'prompt', 'response'])).toEqual(increments);
      }
    });

    it('a resumed job, as attempts over its step metric', async () => {
      await runClient('attempts.py', client(['resumed', '0', '9']));
      await runClient('attempts.py', client(['resumed', '5', '14', 'must']));
      const logged = read('resumed');
      const run = await logged.run();
      expect(run.attempts.map(({ n, fromStep }) => [n, fromStep])).toEqual([
        [1, 0],
        [2, 5],
      ]);
      expect(run.config).toMatchObject({ from_0: true, from_5: true });
      const effective = [...numbers(5).map((i) => [i, i]), ...numbers(10).map((i) => [5 + i, 5 + i + 0.05])];
      expect(await logged.points('train/reward')).toEqual(effective);
      expect(await logged.points('train/reward', 'all')).toHaveLength(20);
      // Not defined over the step metric, but logged beside it.
      expect((await logged.points('calls')).map(([step]) => step)).toEqual(numbers(15));
      expect(await logged.points('eval/score')).toEqual(numbers(3).map((i) => [i, 1]));
    });

    it('several processes of one run', async () => {
      await Promise.all(numbers(3).map((i) => runClient('shared.py', client(['shared', String(i)]))));
      const logged = read('shared');
      for (const rank of numbers(3)) {
        expect(await logged.points(`rank${rank}/loss`)).toEqual(numbers(20).map((i) => [i, i / 10]));
        expect(await logged.rows(`rank${rank}/samples`, ['prompt', 'response'])).toEqual([['p', `of ${rank}`]]);
      }
      expect((await logged.run()).attempts).toHaveLength(1);
    });

    it('a run made without a network, when it is synced', async () => {
      const folder = await makeFolder();
      const env = { WANDB_DIR: folder, WANDB_MODE: 'offline' };
      await runClient('offline.py', client(['synced'], env));
      const [offline = ''] = await findRuns(folder);
      // Twice: what has been taken is not taken again.
      await runClient(`-m wandb sync ${offline}`, client([], { WANDB_DIR: folder }));
      await runClient(`-m wandb sync --include-synced ${offline}`, client([], { WANDB_DIR: folder }));
      const logged = read('synced');
      expect(await logged.points('loss')).toEqual(numbers(50).map((i) => [i, i / 4]));
      expect(await logged.points('bad')).toEqual(numbers(50).map((i) => [i, 'NaN']));
      expect(await logged.rows('rollouts', ['prompt', 'response', 'reward'])).toEqual([['p', 'r', 1]]);
      expect(await logged.run()).toMatchObject({ project: 'offline', config: { lr: 0.5 } });
      await removeFolder(folder);
    });

    if (matrix === 'core') {
      return;
    }

    it('a job that starts over under the same id, as another attempt', async () => {
      await runClient('attempts.py', client(['again', '0', '3']));
      await runClient('attempts.py', client(['again', '2', '5']));
      const run = await read('again').run();
      expect(run.attempts.map(({ fromStep }) => fromStep)).toEqual([0, 2]);
      expect((await read('again').points('train/reward')).map(([, value]) => value)).toEqual([
        0, 1, 2.02, 3.02, 4.02, 5.02,
      ]);
    });

    it('a run whose trainer fails, and the traceback', async () => {
      const failing = await startClient('fails.py', client(['raised', 'raise']));
      expect(await failing.ended).toBe(1);
      expect((await read('raised').run()).state).toBe('failed');
      expect(await read('raised').rows('console', ['stream', 'text'])).toContainEqual([
        'stderr',
        'ValueError: the loss went up',
      ]);
      await runClient('fails.py', client(['exited', 'exit']));
      expect((await read('exited').run()).state).toBe('finished');
      expect(await read('exited').points('loss')).toEqual(numbers(3).map((i) => [i, i]));
    });
  });
}
