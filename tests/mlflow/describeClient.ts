import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { readRun } from '../clients/readRun';
import { installClient, runClient, startClient } from './pythonClient';

const TOKEN = 'a-token.of_this~store';
const numbers = (count: number, of = (i: number) => i) => Array.from({ length: count }, (_, i) => of(i));

/** A client starts in seconds, and in many on a busy machine. */
const PATIENCE = { timeout: 180_000 };

/**
 * What every version of the client must be able to log, read back through v1, value by value. `core` leaves out what is
 * the same code in all versions.
 */
export function describeClient(version: string, matrix: 'whole' | 'core'): void {
  describe(`mlflow ${version} logs into the store`, PATIENCE, () => {
    let store: StartedStore;
    let python: string;
    beforeAll(async () => {
      const args = ['--write-token', TOKEN, '--read-token', 'r', '--crashed-after', '5s'];
      [store, python] = await Promise.all([startStore({ args }), installClient(version)]);
    }, 300_000);
    afterAll(() => store?.stop());

    const client = (...args: string[]) => ({ python, url: store.url, token: TOKEN, args });
    const read = (run: string) => readRun(store.url, run, 'r');

    it('numbers, parameters, tags and what a run says of itself', async () => {
      const output = await runClient('scalars.py', client('grpo'));
      const logged = read('grpo');
      const run = await logged.run();
      expect(run).toMatchObject({
        project: 'maths/gsm8k',
        name: 'grpo',
        tags: ['stage=rl', 'quick', 'late=yes'],
        notes: 'first try',
        state: 'finished',
        config: {
          lr: 1e-6,
          n: 16,
          flag: true,
          nothing: 'None',
          layers: '[1, 2]',
          code: '007',
          long: 'x'.repeat(300),
          'many/249': 249,
          'mlflow.runId': output
            .trim()
            .split('\n')
            .find((line) => /^[0-9a-f]{32}$/.test(line)),
          'mlflow.source.type': 'LOCAL',
          'mlflow.source.name': expect.stringContaining('scalars.py'),
          'mlflow.user': expect.any(String),
        },
      });
      expect(run.attempts).toHaveLength(1);
      expect(await logged.points('critic/rewards/mean')).toEqual(numbers(5).map((i) => [10 * i, i / 2]));
      expect(await logged.points('val-core/gsm8k/reward/mean_at_4')).toEqual(
        numbers(5).map((i) => [10 * i, 1 / (i + 1)]),
      );
      expect(await logged.points('odd/nan')).toEqual([[5, 'NaN']]);
      expect(await logged.points('odd/inf')).toEqual([[5, 'Infinity']]);
      expect(await logged.points('odd/minus')).toEqual([[5, '-Infinity']]);
      expect(await logged.points('odd/bool')).toEqual([[5, 1]]);
      expect(await logged.points('big')).toEqual([[20, 2 ** 60]]);
      expect(await logged.points('small')).toEqual([[20, 5e-324]]);
      expect(await logged.points('no step')).toEqual([[0, 7]]);
      expect(await logged.times('dated')).toEqual([[1_700_000_000_123, 1]]);
      expect(await logged.points('later')).toEqual(numbers(30).map((i) => [i, i]));
      for (const metric of [0, 999, 1_000, 2_499]) {
        expect(await logged.points(`wide/${metric}`)).toEqual([[1, metric + 0.25]]);
      }
      expect(Object.keys(run.summary ?? {}).filter((name) => name.startsWith('wide/'))).toHaveLength(2_500);
      expect((await logged.events()).map(({ type }) => type)).toEqual(['start', 'finish']);
    });

    it('tables, each row once; what is not kept is told and ends nothing', async () => {
      await runClient('tables.py', client('tables'));
      const logged = read('tables');
      const examples = numbers(3).flatMap((i) => [
        [i + 1, '2 + 2?', '4', 0.5],
        [i + 1, '3 + 3?', `\\boxed{${i + 1}}\n<b>é</b> \u{1f44d}`, null],
      ]);
      expect(await logged.rows('rollout_examples', ['step', 'prompt', 'response', 'reward'])).toEqual(examples);
      expect(await logged.columns('rollout_examples')).toEqual(
        expect.arrayContaining([
          { name: 'prompt', type: 'string', origin: 'logged', role: 'prompt' },
          { name: 'response', type: 'string', origin: 'logged', role: 'response' },
          { name: 'reward', type: 'number', origin: 'logged', role: 'reward' },
        ]),
      );
      expect(await logged.rows('eval/same', ['step', 'prompt', 'response'])).toEqual([
        [null, 'p', 'r'],
        [null, 'p', 'r'],
      ]);
      expect(await logged.rows('val', ['step', 'prompt', 'response', 'score'])).toEqual([
        ...numbers(3).map((i) => [10, `q${i}`, 'a', i / 2]),
        [10, 'q', 'a', 'NaN'],
      ]);
      expect(await logged.rows('whole', ['step', 'text'])).toEqual(numbers(4).map((i) => [i, `row ${i}`]));
      expect(await logged.rows('bad', ['x'])).toEqual([[1]]);
      const left = (await logged.events()).filter(({ type }) => type === 'left_out').map(({ title }) => title);
      expect(left.sort()).toEqual([
        'Not kept: JSON artifacts that are no table',
        'Not kept: artifacts .bin',
        'Not kept: artifacts .txt',
        'Not kept: artifacts larger than 32 MB',
        'Not kept: the table "bad", since The file of the table must have rows of 1 cells.',
      ]);
      expect(await logged.points('after')).toEqual([[1, 1]]);
      expect((await logged.run()).state).toBe('finished');
    });

    it('a job that is taken up again, as attempts', async () => {
      const id = (await runClient('resume.py', client('resumed', '0', '6'))).trim().split('\n');
      const runId = id.find((line) => /^[0-9a-f]{32}$/.test(line)) ?? '';
      await runClient('resume.py', client('resumed', '4', '8', runId));
      await runClient('resume.py', client('resumed', '6', '9', 'last'));
      const logged = read('resumed');
      const run = await logged.run();
      expect(run.attempts.map(({ n, fromStep }) => [n, fromStep])).toEqual([
        [1, 0],
        [2, 4],
        [3, 6],
      ]);
      const loss = [0, 1, 2, 3].map((i) => [i, i]);
      expect(await logged.points('loss')).toEqual([
        ...loss,
        ...[4, 5].map((i) => [i, i + 0.04]),
        ...[6, 7, 8].map((i) => [i, i + 0.06]),
      ]);
      expect(await logged.points('loss', 'all')).toHaveLength(13);
      expect(run).toMatchObject({ state: 'finished', config: { lr: 0.1, from: 6 } });
      expect(await logged.rows('samples', ['step', 'response'])).toEqual([[8, 'of 6']]);
    });

    it('runs under names that people read, in the groups that they belong to', async () => {
      const env = { MLFLOW_TRACKING_USERNAME: 'anybody', MLFLOW_TRACKING_PASSWORD: TOKEN };
      const output = await runClient('jobs.py', { python, url: store.url, args: ['jobs'], env });
      const ids = output.split('\n').filter((line) => /^[0-9a-f]{32}$/.test(line));
      const group = async (run: string) => (await read(run).run()).group;
      expect([await group('gsm8k_explorer'), await group('gsm8k_trainer')]).toEqual(['gsm8k', 'gsm8k']);
      expect(await read('told').run()).toMatchObject({ group: 'by hand', tags: ['role=explorer'] });
      for (const run of ['sweep', 'trial 0.1', 'trial 0.2']) {
        expect(await group(run)).toBe('sweep');
      }
      expect(await read('trial 0.2').run()).toMatchObject({ config: { lr: 0.2 }, state: 'finished' });
      const same = ['same', 'jobs/same', `jobs/same-${ids[2]?.slice(0, 8)}`];
      for (const [i, run] of same.entries()) {
        expect(await read(run).run()).toMatchObject({ name: 'same', config: { 'mlflow.runId': ids[i] } });
      }
      const [unnamed = ''] = /^run-[0-9a-f]{8}$/m.exec(output) ?? [];
      expect(await read(unnamed).run()).toMatchObject({ project: 'jobs', name: unnamed });
    });

    it('its experiment and its runs, for whoever looks for them', async () => {
      const output = await runClient('finds.py', client('found here'));
      expect(output).toContain("['loss 0.25', 'loss 0.5']\n['loss 0.75']\n['loss 0.75', 'loss 0.25']\n['zoo']");
      expect(await read('loss 0.25').run()).toMatchObject({ project: 'found here' });
    });

    it('machine metrics by time, and a run that its client ended stays so', async () => {
      await runClient('machine.py', client('machine'));
      const logged = read('machine');
      const cpu = 'system/cpu_utilization_percentage';
      expect((await logged.times(cpu)).length).toBeGreaterThan(3);
      expect(await logged.points(cpu)).toEqual([]);
      expect(await logged.points('loss')).toEqual([
        [0, 0],
        [1, 1],
      ]);
      expect(await logged.points('late')).toEqual([[9, 1]]);
      expect((await logged.run()).state).toBe('finished');
    });

    if (matrix === 'core') {
      return;
    }

    it('a run whose trainer fails or is killed; what the store has not is said', async () => {
      const failing = await startClient('fails.py', client('raised', 'raise'));
      expect(await failing.ended).toBe(1);
      expect((await read('raised').run()).state).toBe('failed');
      await runClient('fails.py', client('killed', 'kill'));
      expect((await read('killed').run()).state).toBe('failed');
      await runClient('fails.py', client('inputs', 'inputs'));
      expect(await read('inputs').points('loss')).toEqual([
        [1, 1],
        [2, 2],
      ]);
      expect((await read('inputs').events()).map(({ title }) => title)).toContain('Not kept: MLflow inputs (datasets)');
      const model = await startClient('fails.py', client('model', 'model'));
      expect(await model.ended).toBe(1);
      expect(model.output()).toContain('ENDPOINT_NOT_FOUND: The run store has no POST /api/2.0/mlflow/logged-models');
      const stranger = await startClient('fails.py', { ...client('stranger', 'raise'), token: 'wrong' });
      expect(await stranger.ended).toBe(1);
      expect(stranger.output()).toContain('UNAUTHENTICATED: The token is not one that this store knows.');
    });
  });
}
