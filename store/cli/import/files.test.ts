import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { EventsAnswer, MetricsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ServedStore, servedStore } from '../../testing/servedStore';
import { startImport } from '../../testing/startImport';
import type { ImportOptions } from './RunImport';

let store: ServedStore;
const base = mkdtempSync(join(tmpdir(), 'rolloscope-files-'));
beforeAll(async () => {
  store = await servedStore();
});
afterAll(async () => {
  await store.stop();
  rmSync(base, { recursive: true });
});

let count = 0;
let run = '';
let said: string[] = [];
beforeEach(() => {
  run = `run-${++count}`;
  said = [];
});

const importOf = (path = join(base, run), options: Partial<ImportOptions> = {}) =>
  startImport(path, store.url, {
    run,
    state: join(base, 'state'),
    tell: (...lines) => said.push(...lines),
    ...options,
  });

function write(files: Record<string, string | Buffer>) {
  for (const [name, content] of Object.entries(files)) {
    const path = join(base, run, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

async function take(files: Record<string, string | Buffer>) {
  write(files);
  const source = importOf();
  await source.pass(true);
  source.close();
  return source.summary;
}

it.each([
  ['metrics.csv', 'Step,loss\n1,0.5\n2,0.25\n'],
  ['metrics.tsv', 'global_step\tloss\n1\t0.5\n2\t0.25\n'],
  ['metrics.jsonl', '\ufeff{"step": 1, "loss": 0.5}\n\n{"step": 2, "loss": "0.25"}'],
  ['metrics.json', '[{"step": 1, "loss": 0.5},\n {"step": 2, "loss": 0.25}]'],
  ['list.jsonl', '[\n{"iteration": 1, "loss": 0.5}, {"iteration": 2, "loss": 0.25}\n]\n'],
  ['pretty.json', '{\n  "step": 1,\n  "loss": 0.5\n}\n{\n  "step": 2,\n  "loss": 0.25\n}\n'],
  ['loss.csv', 'Wall time,Step,Value\n1763985600.25,1,0.5\n1763985660.5,2,0.25\n'],
  ['run-a-tag-loss.json', '[[1763985600.25, 1, 0.5], [1763985660.5, 2, 0.25]]'],
])('reads %s, also packed, in UTF-16, and as it grows', async (name, text) => {
  const points = {
    loss: [
      [1, 0.5],
      [2, 0.25],
    ],
  };
  const summary = await take({ [name]: text });
  expect(summary.refused).toBe(0);
  expect(summary.lines().join('\n')).not.toContain('not finished');
  expect(await store.points(run)).toEqual(points);
  const utf16 = Buffer.from(`\ufeff${text.replace('\ufeff', '')}`, 'utf16le');
  for (const content of [gzipSync(text), utf16, Buffer.from(utf16).swap16(), gzipSync(utf16)]) {
    run = `run-${++count}`;
    expect((await take({ [content === utf16 ? name : `${name}.gz`]: content })).refused).toBe(0);
    expect(await store.points(run)).toEqual(points);
  }
  run = `run-${++count}`;
  write({ [name]: '' });
  const source = importOf();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 5) {
    appendFileSync(join(base, run, name), bytes.subarray(at, at + 5));
    await source.pass(false);
  }
  await source.pass(true);
  source.close();
  expect(await store.points(run)).toEqual(points);
});

it('reads zstd, in frames as they come, and says where what is packed is broken', async () => {
  // Two frames as the zstd command writes them, of `{"step": 1, "loss": 0.5}` and a second line.
  const frame = (text: string) =>
    Buffer.concat([
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, text.length, (text.length << 3) | 1, text.length >> 5, 0]),
      Buffer.from(text),
    ]);
  const packed = Buffer.concat([frame('{"step": 1, "loss": 0.5}\n'), frame('{"step": 2, "loss": 0.25}\n')]);
  await take({ 'metrics.jsonl.zst': packed });
  expect(await store.points(run)).toEqual({
    loss: [
      [1, 0.5],
      [2, 0.25],
    ],
  });

  run = `run-${++count}`;
  const { refused } = await take({ 'metrics.jsonl': Buffer.concat([packed, Buffer.alloc(100, 'x')]) });
  expect(refused).toBe(1);
  expect(said).toEqual(['metrics.jsonl: It is broken as zstd after 51 bytes of what it holds: invalid zstd data']);
  expect((await store.points(run)).loss).toHaveLength(2);

  run = `run-${++count}`;
  const cut = await take({ 'metrics.jsonl.zst': packed.subarray(0, -4) });
  expect(cut.lines().join('\n')).toContain('not finished, the rest is taken when it is: metrics.jsonl.zst:');
  expect((await store.points(run)).loss).toEqual([[1, 0.5]]);
});

it.each([
  { problem: '2+2', model_output: '4' },
  { instruction: '2+2', prediction: '4' },
  { prompt_text: '2+2', response_text: '4' },
  {
    contents: [
      { role: 'user', parts: [{ text: '2+2' }] },
      { role: 'model', parts: [{ text: '4' }] },
    ],
  },
])('takes %j for a rollout, whatever its texts look like', async (texts) => {
  const summary = await take({ 'r.jsonl': `${JSON.stringify({ step: 1, ...texts, reward: 1 })}\n` });
  expect(summary.lines().join('\n')).toContain('took 1 row of rollouts');
  expect(summary.lines().join('\n')).not.toContain('left out');
});

it('keeps rollouts of evals apart, by the names of their files and folders', async () => {
  const rollout = '{"step": 1, "prompt": "a", "response": "b", "reward": 1}\n';
  const files = ['train/rollouts.jsonl', 'eval/rollouts.jsonl', 'rollouts_eval.jsonl', 'evaluated.jsonl'];
  const summary = await take(Object.fromEntries(files.map((name) => [name, rollout])));
  expect(summary.lines().join('\n')).toContain('2 rows of eval_rollouts, 2 rows of rollouts');
});

it('says where a step is no whole number any more', async () => {
  const lines = Array.from({ length: 1_100 }, (_, i) => JSON.stringify({ epoch: i + 1, loss: 1 }));
  await take({ 'm.jsonl': `${[...lines, '{"epoch": 1100.5, "loss": 2}'].join('\n')}\n` });
  expect(said).toEqual([
    'm.jsonl:1: epoch is taken for the step.',
    'm.jsonl:1101: epoch is no whole number here: such records are read by time alone.',
  ]);
});

it('takes times, in whatever unit and words, and the order where there is no step, and says so', async () => {
  await take({
    'metrics.csv': 'Wall time,loss\n2026-01-05 10:00:00,0.5\nMon Jan  5 10:01:00 2026,0.25\n',
    'epochs.jsonl': '{"epoch": 1, "acc": 0.1}\n{"epoch": 2, "acc": "12.5"}\n',
  });
  const { series } = await store.ask<MetricsAnswer>('POST', '/query/metrics', { runs: [run], metrics: ['*'] });
  expect(series.map(({ metric, step, value }) => [metric, step, value])).toEqual([
    ['acc', [1, 2], [0.1, 12.5]],
    ['loss', [1, 2], [0.5, 0.25]],
  ]);
  expect(series[1]?.time).toEqual([Date.UTC(2026, 0, 5, 10), Date.UTC(2026, 0, 5, 10, 1)]);
  expect(said).toEqual([
    'epochs.jsonl:1: epoch is taken for the step.',
    'metrics.csv:2: No step was found in it: the order of its records counts as the step.',
  ]);
});

it('keeps both columns of one name, and takes a table by any name of its step', async () => {
  await take({
    'metrics.csv': 'step,loss,reward,loss\n1,0.9,0.1,1.9\n',
    'r.csv': 'global_step,prompt,response\n3,p,42\n',
  });
  expect(await store.points(run)).toEqual({ loss: [[1, 0.9]], reward: [[1, 0.1]], 'loss.2': [[1, 1.9]] });
  expect(await store.rows(run, 'rollouts')).toEqual([{ step: 3, prompt: 'p', response: '42' }]);
});

it('leaves JSON alone that says how something is set up', async () => {
  await take({
    'metrics.jsonl': '{"step": 1, "loss": 0.5}\n',
    'config.json': '{"lr": 1, "epoch": 3}',
    'model/tokenizer_config.json': '{"step": 1}',
  });
  expect(await store.points(run)).toEqual({ loss: [[1, 0.5]] });
});

it('tells whoever reads the run what could not be read and what was guessed, once', async () => {
  const events = async () =>
    (await store.ask<EventsAnswer>('GET', `/events?run=${run}&types=left_out,note`)).events.map(({ type, title }) => [
      type,
      title,
    ]);
  const expected = [
    ['left_out', 'x.jsonl:2: The line is JSON, but no object.'],
    ['note', 'metrics.csv:2: epoch is taken for the step.'],
    ['note', 'metrics.csv:3: A record has fewer cells than there are columns; those that are missing are null.'],
  ];
  await take({ 'metrics.csv': 'epoch,loss\n1,0.5\n2\n3,0.25\n4\n', 'x.jsonl': '{"step": 1, "x": 2}\n[1]\n' });
  expect((await events()).toSorted()).toEqual(expected);
  const again = importOf(join(base, run), { again: true });
  await again.pass(true);
  again.close();
  expect((await events()).toSorted()).toEqual(expected);
});

const ROLLOUTS = [
  { prompt: 'p', response: 'a', reward: 1 },
  { prompt: 'p', response: 'b', reward: 0 },
];

it.each([
  ['results.json', { data: ROLLOUTS }, 'data'],
  ['results.json', { model: 'm', results: ROLLOUTS, cost: { usd: 1 } }, 'results'],
  ['results.json', { rows: ROLLOUTS.map((one) => ({ ...one, step: 3 })) }, 'rows'],
  ['results.json', { step: 3, samples: ROLLOUTS }, 'samples'],
  ['results.jsonl', { completions: ROLLOUTS }, 'completions'],
  [
    'results.json',
    { columns: ['prompt', 'response', 'reward'], data: ROLLOUTS.map((one) => Object.values(one)) },
    'data',
  ],
])('reads the records that %s wraps: %j', async (name, document, list) => {
  await take({ [name]: JSON.stringify(document, undefined, name.endsWith('l') ? 0 : 2) });
  expect((await store.rows(run, 'rollouts')).map(({ step: _, ...row }) => row)).toMatchObject(ROLLOUTS);
  expect(said).toContain(`${name}:1: Its records are those of "${list}".`);
  if (JSON.stringify(document).includes('step')) {
    expect((await store.rows(run, 'rollouts')).map(({ step }) => step)).toEqual([3, 3]);
  }
});

it('reads metrics that an object wraps, and leaves a rollout alone that has a list of its own', async () => {
  await take({ 'history.json': JSON.stringify({ history: [1, 2].map((step) => ({ step, loss: step / 2 })) }) });
  expect(await store.points(run)).toEqual({
    loss: [
      [1, 0.5],
      [2, 1],
    ],
  });
  run = `run-${++count}`;
  const messages = [{ role: 'user', content: 'p' }];
  await take({ 'one.json': JSON.stringify({ messages, reward: 1, rewards: [{ name: 'f', value: 1 }] }) });
  expect(await store.rows(run, 'rollouts')).toMatchObject([{ messages, reward: 1 }]);
});

it('takes folders below for runs of their own, also as they come, and says so', async () => {
  const lines = (loss: number) => `{"step": 1, "loss": ${loss}}\n`;
  await take({ 'exp1/metrics.jsonl': lines(1), 'exp2/metrics.jsonl': lines(2) });
  expect(said).toEqual([`${run}: folders in it that are runs of their own: exp1, exp2`]);
  expect(await store.points(`${run}/exp1`)).toEqual({ loss: [[1, 1]] });
  expect(await store.points(`${run}/exp2`)).toEqual({ loss: [[1, 2]] });
  await take({ 'exp3/metrics.jsonl': lines(3), 'notes.jsonl': lines(4).replace('1', '2') });
  expect(await store.points(`${run}/exp1`)).toEqual({ loss: [[1, 1]] });
  expect(await store.points(run)).toEqual({
    loss: [
      [1, 3],
      [2, 4],
    ],
  });

  run = `run-${++count}`;
  await take({ 'exp1/metrics.jsonl': lines(1) });
  await take({ 'exp1/metrics.jsonl': `${lines(1)}{"step": 2, "loss": 5}\n`, 'exp2/metrics.jsonl': lines(2) });
  expect(await store.points(run)).toEqual({
    loss: [
      [1, 1],
      [2, 5],
    ],
  });
  expect(await store.points(`${run}/exp2`)).toEqual({ loss: [[1, 2]] });

  run = `run-${++count}`;
  said = [];
  await take({ 'a/x.jsonl': lines(1), 'b/y.jsonl': lines(2) });
  expect(said).toEqual([`${run}: a, b are read as one run; give each by itself where each is one`]);
});

it('finds the step of each record where a file has two names for it', async () => {
  const records = [1, 2, 3, 4].map((step) =>
    step % 2 === 1 ? { step, loss: 1 / step } : { global_step: step, eval_loss: step / 4 },
  );
  await take({ 'metrics.jsonl': records.map((record) => `${JSON.stringify(record)}\n`).join('') });
  expect(await store.points(run)).toEqual({
    loss: [
      [1, 1],
      [3, 1 / 3],
    ],
    eval_loss: [
      [2, 0.5],
      [4, 1],
    ],
  });
});

it('reads what spreadsheets make of numbers', async () => {
  await take({ 'metrics.csv': 'step,tokens,accuracy\n1,"1,234",50%\n2,"2,345,678",7.1%\n' });
  expect(await store.points(run)).toEqual({
    tokens: [
      [1, 1_234],
      [2, 2_345_678],
    ],
    accuracy: [
      [1, 0.5],
      [2, 0.071],
    ],
  });
});

it('names what is not read as it is, whatever the file is called, and what to do', async () => {
  const bzip2 = Buffer.from('425a68393141592653590000', 'hex');
  const zip = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.from('\n{"step": 1, "loss": 1}\n')]);
  const line = '{"step": 1, "loss": 0.5}\n';
  const told = (await take({ 'a.jsonl.bz2': bzip2, 'b.jsonl': zip, 'c.jsonl': line, 'run.wandb': ':W&B\xbe\xe1' }))
    .lines()
    .join('\n');
  expect(told).toContain('not read: a.jsonl.bz2, packed as bzip2: unpack it');
  expect(told).toContain('not read: run.wandb, the log of a run by W&B’s client: `wandb sync` sends it');
  expect(`${told}\n${said.join('\n')}`).toMatch(/b\.jsonl.* packed as zip/);
  expect(await store.points(run)).toEqual({ loss: [[1, 0.5]] });
  run = `run-${++count}`;
  // W&B’s own folder has its last values beside its log: they are no run.
  write({ 'a.jsonl.bz2': bzip2, 'wandb-summary.json': '{"_step": 4, "loss": 1}' });
  const alone = importOf();
  await alone.pass(true);
  alone.close();
  expect(alone.notRecognised.at(-1)).toMatch(/^ {2}not read: a\.jsonl\.bz2, packed as bzip2/);
});

it('takes what is there of a packed file that is cut, and says that there should be more', async () => {
  const records = Array.from({ length: 50 }, (_, i) => `{"step": ${i}, "loss": ${i / 7}}\n`).join('');
  const whole = gzipSync(records);
  for (const bytes of [whole.length / 2, whole.length - 4]) {
    run = `run-${++count}`;
    const summary = await take({ 'metrics.jsonl.gz': whole.subarray(0, bytes) });
    expect(summary.lines().join('\n')).toContain('not finished, the rest is taken when it is: metrics.jsonl.gz:');
    expect((await store.points(run)).loss?.[3]).toEqual([3, 3 / 7]);
  }
  run = `run-${++count}`;
  expect((await take({ 'metrics.jsonl.gz': whole })).lines().join()).not.toContain('not finished');
});
