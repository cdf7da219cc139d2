import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { readRun } from '../clients/readRun';
import { installClient, runClient } from './pythonClient';
import { NEWEST } from './versions';

const TOKEN = 'a token-of this store';
const numbers = (count: number, of = (i: number) => i) => Array.from({ length: count }, (_, i) => of(i));

/** A client starts in seconds, and in many on a busy machine. */
const PATIENCE = { timeout: 180_000 };

/** What every version of the client must be able to log, read back through v1, value by value. */
export function describeClient(version: string): void {
  describe(`trackio ${version} logs into the store`, PATIENCE, () => {
    let store: StartedStore;
    let python: string;
    beforeAll(async () => {
      const args = ['--write-token', TOKEN, '--read-token', 'r', '--crashed-after', '3s'];
      [store, python] = await Promise.all([startStore({ args }), installClient(version)]);
    }, 300_000);
    afterAll(() => store?.stop());

    const client = (...args: string[]) => ({ python, url: store.url, token: TOKEN, args });
    const read = (run: string) => readRun(store.url, run, 'r');

    it('numbers, config, texts, alerts, and what it does not keep', async () => {
      const began = Date.now();
      const output = await runClient('scalars.py', client('scalars'));
      // Nothing waits in the client for a server that takes it.
      expect(output).toContain('unsent: None None');
      const logged = read('scalars');
      const run = await logged.run();
      expect(run).toMatchObject({ project: 'maths', name: 'scalars', group: 'sweep-1', lastStep: 40 });
      expect(run.config).toEqual({ lr: 1e-4, model: { name: 'qwen', layers: [1, 2] } });
      expect(run.createdAt).toBeGreaterThanOrEqual(began);
      expect(run.attempts).toHaveLength(1);
      expect(await logged.points('loss')).toEqual(numbers(5).map((i) => [i, 1 / (i + 1)]));
      expect(await logged.points('train.reward.mean')).toEqual(numbers(5).map((i) => [i, i / 2]));
      expect(await logged.points('odd/nan')).toEqual([[5, 'NaN']]);
      expect(await logged.points('odd/inf')).toEqual([[5, 'Infinity']]);
      expect(await logged.points('odd/minus')).toEqual([[5, '-Infinity']]);
      expect(await logged.points('odd/bool')).toEqual([[5, 1]]);
      expect(await logged.points('odd/numpy')).toEqual([[5, 0.5]]);
      expect(await logged.points('big')).toEqual([[20, 2 ** 60]]);
      expect(await logged.points('small')).toEqual([[20, 5e-324]]);
      expect(await logged.points('eval/accuracy')).toEqual([[2, 0.5]]);
      for (const metric of [0, 499, 999]) {
        expect(await logged.points(`many/${metric}`)).toEqual(numbers(3).map((i) => [30 + i, metric + i / 4]));
      }
      const machine = await logged.times('system.gpu/0/utilization');
      expect(machine).toEqual([[expect.any(Number), 75.5]]);
      expect(machine[0]?.[0]).toBeGreaterThanOrEqual(began);
      expect((await logged.times('system.gpu/0.power')).map(([, value]) => value)).toEqual([300]);
      if (version === NEWEST) {
        expect((await logged.times('system.cpu/utilization')).length).toBeGreaterThan(1);
      }
      expect(await logged.rows('texts', ['step', 'name', 'value'])).toEqual([
        [20, 'phase', 'eval'],
        [20, 'layers', '["a",1]'],
        [40, 'report', '# It *works*'],
      ]);
      const events = await logged.events();
      expect(events.filter(({ type }) => type === 'alert')).toEqual([
        expect.objectContaining({
          title: 'reward hacked',
          text: 'look at step 4',
          step: 4,
          values: { severity: 'error' },
        }),
      ]);
      const leftOut = events.filter(({ type }) => type === 'left_out').map(({ title }) => title);
      expect(leftOut).toEqual(
        expect.arrayContaining(['Not kept: trackio.image', 'Not kept: trackio.histogram', 'Not kept: saved files']),
      );
      expect(new Set(leftOut).size).toBe(leftOut.length);
    });

    it('a run that says nothing more has finished: trackio tells no end', async () => {
      await runClient('resume.py', client('ended', '0', '1', 'never'));
      const logged = read('ended');
      expect((await logged.run()).state).toBe('running');
      let run = await logged.run();
      for (let waited = 0; run.state === 'running' && waited < 30_000; waited += 200) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        run = await logged.run();
      }
      expect(run.state).toBe('finished');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect((await logged.run()).finishedAt).toBe(run.updatedAt);
      expect((await logged.events()).map(({ type }) => type)).toEqual(['start', 'finish']);
    });

    it('tables and traces, each row once', async () => {
      await runClient('tables.py', client('tables'));
      const logged = read('tables');
      const examples = [1, 2].flatMap((step) => [
        ...numbers(3).map((i) => [step, `prompt ${i}`, `answer ${step}.${i}\n<b>é</b> \u{1f44d}`, i / 2]),
        [step, 'bad', null, 'NaN'],
      ]);
      expect(await logged.rows('rollout_examples', ['step', 'prompt', 'response', 'reward'])).toEqual(examples);
      expect(await logged.rows('seen', ['step', 'prompt', 'image', 'score'])).toEqual([
        [3, 'p', null, null],
        [3, 'q', null, 1],
      ]);
      const tables = await logged.tables();
      expect(tables).not.toContain('empty');
      if (tables.includes('traces')) {
        const question = { role: 'user', content: '2 + 2?' };
        const columns = ['step', 'messages', 'reward', 'groupId', 'metadata.messages'];
        expect(await logged.rows('traces', columns)).toEqual([
          [4, [question, { role: 'assistant', content: '4' }], 1, null, 2],
          [5, [question], 0, 'g', null],
          [5, [question], 1, 'g', null],
        ]);
        expect(await logged.columns('traces')).toContainEqual(
          expect.objectContaining({ name: 'messages', role: 'messages' }),
        );
      }
    });

    it('what transformers and TRL log, by the step of the training', async () => {
      await runClient('trainer.py', client('gsm8k_trainer', '5', '20'));
      const logged = read('gsm8k_trainer');
      const run = await logged.run();
      expect(run).toMatchObject({ project: 'huggingface', group: 'gsm8k', lastStep: 20 });
      expect(run.config).toMatchObject({ learning_rate: 1e-6, 'model/num_parameters': 494032768 });
      expect(await logged.points('train/loss')).toEqual([5, 10, 15, 20].map((step) => [step, step / 10]));
      expect(await logged.points('eval/loss')).toEqual([10, 20].map((step) => [step, step / 20]));
      const columns = ['step', 'prompt', 'response', 'accuracy', 'brief', 'advantage', 'reward_sum'];
      expect(await logged.rows('completions', columns)).toEqual(
        [5, 10, 15, 20].flatMap((step) => [
          [step, 'p', `a${step}`, 1, 0.25, 0.7, 1.25],
          [step, 'p', `b${step}`, 0, 0.5, -0.7, 0.5],
        ]),
      );
      // A job that starts over under its name goes on where its checkpoint was.
      await runClient('trainer.py', client('gsm8k_trainer', '15', '25'));
      expect((await logged.run()).attempts.map(({ fromStep }) => fromStep)).toEqual([5, 15]);
      expect((await logged.points('train/loss')).map(([step]) => step)).toEqual([5, 10, 15, 20, 25]);
      expect(await logged.count('completions')).toBe(4 * 2 + 3 * 2 - 2 * 2);
    });

    it('a resumed run: the same one; where steps go back, another attempt', async () => {
      const ids: string[] = [];
      for (const args of [
        ['0', '9', 'never'],
        ['5', '14', 'must'],
        ['on', '3', 'allow'],
      ]) {
        const output = await runClient('resume.py', client('resumed', ...args));
        ids.push(/id: (\w+)/.exec(output)?.[1] ?? '');
      }
      expect(new Set(ids).size).toBe(1);
      const logged = read('resumed');
      const run = await logged.run();
      expect(run.attempts.map(({ n, fromStep }) => [n, fromStep])).toEqual([
        [1, 0],
        [2, 5],
      ]);
      expect(run.config).toMatchObject({ from_0: true, from_5: true, from_on: true });
      expect(await logged.points('train/reward')).toEqual([
        ...numbers(5).map((i) => [i, i]),
        ...numbers(10).map((i) => [5 + i, 5 + i + 0.05]),
        // The client asks how far the run is, and counts on.
        ...numbers(3).map((i) => [15 + i, i + 0.5]),
      ]);
      expect(await logged.points('train/reward', 'all')).toHaveLength(23);
    });

    it('runs of one name, each by itself', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) {
        const output = await runClient('resume.py', client('same', String(i), String(i), 'never'));
        ids.push(/id: (\w+)/.exec(output)?.[1] ?? '');
      }
      for (const [i, id] of ['same', 'attempts/same', `same-${ids[2]?.slice(0, 8)}`].entries()) {
        expect(await read(id).run()).toMatchObject({ id, name: 'same', project: 'attempts' });
        expect(await read(id).points('train/reward')).toEqual([[i, i + i / 100]]);
      }
      // The newest is the one that is resumed.
      const output = await runClient('resume.py', client('same', '7', '7', 'must'));
      expect(output).toContain(`id: ${ids[2]}`);
      expect((await read(`same-${ids[2]?.slice(0, 8)}`).points('train/reward')).map(([step]) => step)).toEqual([2, 7]);
    });

    it('nothing for a wrong token, and says why', async () => {
      const output = await runClient('resume.py', { ...client('refused', '0', '1', 'allow'), token: 'wrong' });
      expect(output).toContain("Client error '401 Unauthorized'");
      await expect(read('refused').run()).rejects.toThrow('run_not_found');
    });
  });
}
