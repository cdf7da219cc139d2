import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { trl } from '../../formats/trl';
import { type ServedStore, servedStore } from '../../testing/servedStore';
import { startImport } from '../../testing/startImport';
import { StoreClient } from '../StoreClient';
import { importStream } from './importStream';
import type { ImportOptions } from './RunImport';
import { Sender } from './Sender';
import { Summary } from './Summary';

let store: ServedStore;
const base = mkdtempSync(join(tmpdir(), 'rolloscope-import-'));
beforeAll(async () => {
  store = await servedStore();
});
afterAll(async () => {
  await store.stop();
  rmSync(base, { recursive: true });
});

let count = 0;
let folder = '';
let run = '';
let said: string[] = [];
beforeEach(() => {
  run = `run-${++count}`;
  folder = join(base, run);
  said = [];
  mkdirSync(folder);
});

const importOf = (options: Partial<ImportOptions> = {}, to: string | StoreClient = store.url) =>
  startImport(folder, to, { state: join(base, 'state'), tell: (line) => said.push(line), ...options });

const verlLine = (step: number, value: number) => `${JSON.stringify({ step, data: { m: value } })}\n`;
const metrics = () => join(folder, 'metrics.jsonl');

/** What it sends arrives, but it dies before it learns so. */
async function killedAfterSending(): Promise<void> {
  const killed = importOf();
  const journal = Reflect.get(killed, 'journal') as { done(): void };
  journal.done = () => {
    throw new Error('killed');
  };
  await expect(killed.pass(false)).rejects.toThrow('killed');
  killed.close();
}

it('reads on where the last process stopped, and after one that was killed between sending and knowing', async () => {
  writeFileSync(metrics(), verlLine(1, 1) + verlLine(2, 2));
  const first = importOf();
  await first.pass(false);
  first.close();
  appendFileSync(metrics(), verlLine(3, 3));
  await killedAfterSending();
  appendFileSync(metrics(), verlLine(4, 4) + verlLine(5, 5).slice(0, 9));
  const third = importOf();
  await third.pass(false);
  appendFileSync(metrics(), verlLine(5, 5).slice(9));
  await third.pass(false);
  third.close();
  expect((await store.points(run, 'all')).m).toEqual([1, 2, 3, 4, 5].map((step) => [step, step]));
  expect((await store.run(run)).attempts).toHaveLength(1);
});

it('takes each record once of files that change after it was killed between sending and knowing', async () => {
  const file = (name: string) => join(folder, `${name}.jsonl`);
  const lines = (...responses: string[]) => responses.map((response) => `${JSON.stringify({ response })}\n`).join('');
  const names = ['grows', 'stays', 'shrinks', 'vanishes', 'moves'];
  for (const name of names) {
    writeFileSync(file(name), lines(`${name} 0`));
  }
  await killedAfterSending();
  appendFileSync(file('grows'), lines('grows 1'));
  truncateSync(file('shrinks'), 0);
  rmSync(file('vanishes'));
  renameSync(file('moves'), file('moved'));
  appendFileSync(file('moved'), lines('moves 1'));
  const next = importOf();
  await next.pass(false);
  await next.pass(true);
  next.close();
  const responses = (await store.rows(run, 'rollouts')).map(({ response }) => response);
  expect(responses.toSorted()).toEqual([...names.map((name) => `${name} 0`), 'grows 1', 'moves 1'].toSorted());
  // Nothing is left of batches that are in the store.
  expect(readdirSync(join(base, 'state')).filter((name) => name.endsWith('.batch'))).toEqual([]);
});

it('takes a file that a restarted job truncated as a new attempt', async () => {
  writeFileSync(metrics(), [1, 2, 3, 4].map((step) => verlLine(step, step)).join(''));
  const source = importOf();
  await source.pass(false);
  truncateSync(metrics(), 0);
  appendFileSync(metrics(), [3, 4, 5, 6, 7].map((step) => verlLine(step, step * 10)).join(''));
  await source.pass(false);
  source.close();
  expect(said.join()).toContain('metrics.jsonl: began anew');
  expect((await store.run(run)).attempts).toMatchObject([{ n: 1 }, { n: 2, fromStep: 3 }]);
  expect((await store.points(run)).m).toEqual([
    [1, 1],
    [2, 2],
    [3, 30],
    [4, 40],
    [5, 50],
    [6, 60],
    [7, 70],
  ]);
});

it('reads a file that was renamed to its end, and the one that took its name from its beginning', async () => {
  writeFileSync(metrics(), verlLine(1, 1));
  const source = importOf();
  await source.pass(false);
  appendFileSync(metrics(), verlLine(2, 2));
  renameSync(metrics(), join(folder, 'metrics.jsonl.1'));
  writeFileSync(metrics(), verlLine(3, 3));
  await source.pass(false);
  source.close();
  const later = importOf();
  expect(await later.pass(false)).toBe(false);
  later.close();
  expect((await store.points(run, 'all')).m?.toSorted()).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
});

it('reads on in a file that was written whole beside it and put in its place', async () => {
  writeFileSync(metrics(), verlLine(1, 1));
  const source = importOf();
  await source.pass(false);
  writeFileSync(join(folder, 'new'), verlLine(1, 1) + verlLine(2, 2));
  renameSync(join(folder, 'new'), metrics());
  await source.pass(false);
  source.close();
  expect((await store.points(run, 'all')).m).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

it('takes a dump that is written again as rows of the new attempt', async () => {
  mkdirSync(join(folder, 'rollouts'));
  const dump = (step: number, output: string) =>
    writeFileSync(
      join(folder, 'rollouts', `${step}.jsonl`),
      `${JSON.stringify({ input: 'p', output, score: 1, step })}\n`,
    );
  dump(1, 'a');
  dump(2, 'b');
  dump(3, 'c');
  writeFileSync(metrics(), verlLine(1, 1) + verlLine(2, 2) + verlLine(3, 3));
  const source = importOf();
  await source.pass(false);
  dump(2, 'again, and longer');
  writeFileSync(metrics(), verlLine(2, 20));
  await source.pass(false);
  source.close();
  expect((await store.rows(run, 'rollouts')).map(({ step, response }) => [step, response])).toEqual([
    [1, 'a'],
    [3, 'c'],
    [2, 'again, and longer'],
  ]);
});

it('takes a run anew that was deleted in the store', async () => {
  writeFileSync(metrics(), verlLine(1, 1));
  const first = importOf();
  await first.pass(true);
  first.close();
  await store.ask('DELETE', `/runs/${run}`);
  const second = importOf();
  expect(await second.pass(true)).toBe(true);
  second.close();
  expect((await store.points(run)).m).toEqual([[1, 1]]);
  expect(said.join()).toContain('all is taken anew');
});

it('never leaves the folder, loads no pickle, and says what it did not read', async () => {
  writeFileSync(join(base, 'secret.jsonl'), verlLine(9, 9));
  symlinkSync(join(base, 'secret.jsonl'), join(folder, 'link.jsonl'));
  symlinkSync(base, join(folder, 'up'));
  writeFileSync(join(folder, 'optimizer.pt'), 'PK');
  writeFileSync(join(folder, 'unnamed'), Buffer.from([0x80, 4, 0x95]));
  writeFileSync(join(folder, 'notes.txt'), 'x');
  writeFileSync(metrics(), verlLine(1, 1));
  const source = importOf();
  await source.pass(true);
  source.close();
  expect((await store.points(run)).m).toEqual([[1, 1]]);
  expect(source.summary.lines()).toEqual([
    `${run}: took 1 point of 1 metric, up to step 1`,
    '  metrics.jsonl: verl, *.jsonl of {"step", "data"} (by its name and first record): 1 point',
    '  not read: 2 files, pickles, which are never loaded: they could run code',
    '  not read: 1 file, which verl has no use for here: notes.txt',
    '  not read: 2 files, links, which are not followed: give what they point to by itself',
  ]);
});

it('takes a folder, and a file, that are given by a link', async () => {
  writeFileSync(metrics(), verlLine(1, 1));
  symlinkSync(folder, `${folder}-latest`);
  symlinkSync(metrics(), `${folder}.jsonl`);
  for (const [link, name] of [
    [`${folder}-latest`, `${run}-latest`],
    [`${folder}.jsonl`, run],
  ] as const) {
    folder = link;
    const source = importOf();
    await source.pass(true);
    source.close();
    expect((await store.points(name)).m).toEqual([[1, 1]]);
  }
});

it('says what is wrong with a record, where, and takes the others', async () => {
  const long = JSON.stringify({ input: 'p', output: 'x'.repeat(5 * 1024 * 1024), score: 1, step: 1 });
  const fine = JSON.stringify({ input: 'p', output: 'y', score: 1, step: 1 });
  writeFileSync(join(folder, '1.jsonl'), `${fine}\n{"input": \n[1]\n${long}\n\n${fine}\n{"input": "torn`);
  const source = importOf();
  await source.pass(true);
  source.close();
  expect(await store.rows(run, 'rollouts')).toHaveLength(2);
  expect(said.toSorted()).toEqual([
    '1.jsonl:2: The line is not JSON. Column 11: ends too early: expected a value.',
    '1.jsonl:3: The line is JSON, but no object.',
    expect.stringMatching(/^1\.jsonl:4: .*the limit of a cell is 4 MB/),
  ]);
  expect(source.summary.lines().join('\n')).toContain('not finished, the rest is taken when it is: 1.jsonl');
});

it('refuses a folder of several runs, and a tie, with what to do', async () => {
  writeFileSync(join(folder, 'a.jsonl'), verlLine(1, 1));
  writeFileSync(join(folder, 'b.jsonl'), verlLine(1, 1));
  const several = importOf();
  await expect(several.pass(true)).rejects.toThrow('There are 2 runs in it, by its files *.jsonl of {"step", "data"}');
  several.close();
  rmSync(join(folder, 'a.jsonl'));
  rmSync(join(folder, 'b.jsonl'));
  writeFileSync(metrics(), `${JSON.stringify({ step: 1, time: 1_763_985_600, 'env/all/reward': 1 })}\n`);
  const tied = importOf();
  await expect(tied.pass(true)).rejects.toThrow('--format prime-rl) as well as Tinker cookbook (--format tinker)');
  tied.close();
});

it('waits for a document that is half written, and says of a broken one that it is', async () => {
  const state = JSON.stringify({ log_history: [{ step: 5, loss: 1 }] });
  const file = join(folder, 'trainer_state.json');
  writeFileSync(file, state.slice(0, 20));
  const source = importOf({ format: trl });
  await source.pass(false);
  expect(source.summary.refused).toBe(0);
  writeFileSync(file, state);
  await source.pass(false);
  expect((await store.points(run)).loss).toEqual([[5, 1]]);
  writeFileSync(file, state.slice(0, 30));
  // Whatever the machine's clock says, it has to stay as it is for a while.
  utimesSync(file, 1_763_985_600, 1_763_985_600);
  await source.pass(false);
  expect(source.summary.refused).toBe(0);
  const later = performance.now() + 11_000;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => later);
  await source.pass(false);
  await source.pass(false);
  clock.mockRestore();
  source.close();
  expect(source.summary.refused).toBe(1);
});

it('loses nothing while the store is away, and tells so', async () => {
  const own = await servedStore(0, join(base, 'own'));
  const port = Number(new URL(own.url).port);
  const states: (string | undefined)[] = [];
  const client = new StoreClient(own.url, { isPatient: true, onState: (away) => states.push(away) });
  writeFileSync(metrics(), verlLine(1, 1));
  const source = importOf({}, client);
  await source.pass(false);
  await own.stop();
  appendFileSync(metrics(), verlLine(2, 2));
  const passing = source.pass(false);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  const back = await servedStore(port, join(base, 'own'));
  await passing;
  source.close();
  expect((await back.points(run)).m).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(states).toEqual([expect.stringContaining('ECONNREFUSED'), undefined]);
  await back.stop();
});

it('lets one process at a time import a folder into a store', () => {
  const first = importOf();
  const state = join(base, 'state');
  const lock = readdirSync(state).find((name) => name.startsWith(`${run}-`) && name.endsWith('.lock')) ?? '';
  // Process 1 lives as long as the machine does.
  writeFileSync(join(state, lock), `${hostname()} 1`);
  expect(() => importOf()).toThrow('under way already (process 1)');
  first.close();
  const second = importOf();
  writeFileSync(join(state, lock), `${hostname()} 999999999`);
  expect(() => importOf().close()).not.toThrow();
  second.close();
});

it('takes the columns that were asked for, by name and by path, and says what it left', async () => {
  const answer = { solution: 'x = 4', is_correct: true, other: 1 };
  writeFileSync(join(folder, 'evals.jsonl'), `${JSON.stringify({ question: 'q', id: 7, a: answer, b: answer })}\n`);
  const columns = new Map(
    Object.entries({ prompt: 'question', response: 'a.solution', correct: 'a.is_correct', step: 'id' }),
  );
  const source = importOf({ plain: { columns, table: 'evals' } });
  await source.pass(true);
  source.close();
  expect(await store.rows(run, 'evals')).toEqual([{ step: 7, prompt: 'q', response: 'x = 4', correct: true }]);
  expect(source.summary.lines()).toContain('  left out: b');
});

it('recognises a run late that began with a file of anybody', async () => {
  writeFileSync(metrics(), '{"step": 1, "loss": 0.5}\n');
  const source = importOf();
  await source.pass(false);
  expect(source.format?.name).toBe('plain');
  mkdirSync(join(folder, 'iteration_000001'));
  writeFileSync(join(folder, 'iteration_000001', 'train_rollout_summaries.jsonl'), '{"total_reward": 1}\n');
  appendFileSync(metrics(), '{"step": 2, "env/all/reward": 1}\n');
  await source.pass(false);
  source.close();
  expect(source.format?.name).toBe('tinker');
  expect(await store.rows(run, 'rollout_summaries')).toEqual([{ step: 1, reward: 1 }]);
  expect(await store.points(run)).toEqual({ loss: [[1, 0.5]], 'env/all/reward': [[2, 1]] });
});

it('takes a stream, twice the same once', async () => {
  const text = `${verlLine(1, 0.5)}torn\n${verlLine(2, 1)}`;
  async function* stream() {
    for (const byte of Buffer.from(text)) {
      yield Buffer.from([byte]);
    }
  }
  for (let time = 0; time < 2; time++) {
    const summary = new Summary('stdin', (line) => said.push(line));
    const sender = new Sender(new StoreClient(store.url), summary, {}, () => {});
    await importStream(stream(), sender, summary, { run, project: 'p', plain: {} });
    expect(summary.refused).toBe(1);
  }
  expect((await store.points(run, 'all')).m).toEqual([
    [1, 0.5],
    [2, 1],
  ]);
  expect(said[0]).toMatch(/^stdin:2: The line is not JSON/);
});

it('gives a run of a job its group', async () => {
  writeFileSync(metrics(), verlLine(1, 1));
  for (const part of ['explorer', 'trainer']) {
    const source = importOf({ run: `job${count}_${part}` });
    await source.pass(true);
    source.close();
    expect(await store.run(`job${count}_${part}`)).toMatchObject({ group: `job${count}` });
  }
});
