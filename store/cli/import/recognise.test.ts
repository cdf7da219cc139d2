import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FORMATS } from '../../formats/formats';
import { type ServedStore, servedStore } from '../../testing/servedStore';
import { startImport } from '../../testing/startImport';
import { StoreClient } from '../StoreClient';
import { importStream } from './importStream';
import { Sender } from './Sender';
import { Summary } from './Summary';

let store: ServedStore;
const base = mkdtempSync(join(tmpdir(), 'rolloscope-recognise-'));
beforeAll(async () => {
  store = await servedStore();
});
afterAll(async () => {
  await store.stop();
  rmSync(base, { recursive: true });
});

let runs = 0;
const lines = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** Imports files as one run, under the format that they are taken for, or the one that is named. */
async function imported(files: Record<string, string>, format?: string) {
  const run = `run-${++runs}`;
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, run, path)), { recursive: true });
    writeFileSync(join(base, run, path), text);
  }
  const named = FORMATS.find(({ name }) => name === format);
  const source = startImport(join(base, run), store.url, {
    ...(named && { format: named }),
    state: join(base, 'state'),
  });
  await source.pass(true);
  source.close();
  return { run, format: source.format?.name, said: source.summary.lines(), refused: source.summary.refused };
}

const chat = (role: string, content: string) => [{ role, content }];
/** As `vf-eval` wrote it before it wrote traces. */
const result = (id: number, reward: number) => ({
  example_id: id,
  prompt: chat('user', `What is ${id}+1?`),
  completion: chat('assistant', `<think>q</think>${id + 1}`),
  answer: String(id + 1),
  task: 'sums',
  reward,
  metrics: { exact: reward, brief: true },
  is_truncated: reward === 0,
  info: {},
});

it("reads verifiers' results, whose every record has metrics, and not as entries of a log", async () => {
  const metadata = { env_id: 'sums', model: 'm', num_examples: 2, avg_reward: 0.5 };
  const { run, format, refused, said } = await imported({
    'results.jsonl': lines(result(0, 0), result(0, 1), result(1, 0.5)),
    'metadata.json': JSON.stringify(metadata),
  });
  expect([format, refused]).toEqual(['verifiers', 0]);
  expect(said).toContain(
    '  results.jsonl: verifiers, results.jsonl with example_id and completion (by its name and first record): 3 rows of rollouts',
  );
  const rows = await store.rows(run, 'rollouts');
  expect(
    rows.map(({ reward, groupId, groundTruth, 'metrics/exact': exact }) => [reward, groupId, groundTruth, exact]),
  ).toEqual([
    [0, 0, '1', 0],
    [1, 0, '1', 1],
    [0.5, 1, '2', 0.5],
  ]);
  expect(await store.roles(run, 'rollouts')).toMatchObject({
    prompt: 'prompt',
    response: 'response',
    is_truncated: 'truncated',
  });
  expect((await store.run(run)).config).toMatchObject(metadata);
});

const node = (role: string, content: string, parent?: number) => ({
  message: { role, content },
  ...(parent !== undefined && { parent }),
  sampled: role === 'assistant',
  token_ids: [1],
});
/** An episode of verifiers 0.4: the model's first history was rewritten, so that its messages are a tree of two leaves. */
const episode = (k: number) => ({
  id: `e${k}`,
  env: { id: 'sums' },
  group: { id: 'g' },
  task: { type: 'T', key: 'sums-0', data: { prompt: '1+1?', answer: '2' } },
  run: { type: 'eval', id: 'r', work: { type: 'eval', step: 0 } },
  ok: true,
  traces: [
    {
      id: `t${k}`,
      agent: { name: 'solver' },
      nodes: [
        node('system', 'Add.'),
        node('user', '1+1?', 0),
        node('assistant', 'lost', 1),
        node('user', 'In short: 1+1?', 0),
        node('assistant', '<think>q</think>2', 3),
      ],
      calls: [
        { node: 2, finish_reason: 'stop' },
        { node: 4, finish_reason: k === 0 ? 'length' : 'stop' },
      ],
      rewards: { right: { score: 1, weight: 1 }, format: { score: 0.5, weight: 0.2 } },
      metrics: { turns: 2 },
      timing: { start: 1790000000.25, agent: { start: 1790000001, end: 1790000002.5 }, scoring: { start: 0, end: 0 } },
    },
  ],
});

it("reads verifiers' traces by the final branch of their tree", async () => {
  const client = { base_url: 'http://here', headers: { authorization: 'secret' } };
  const config = { env: { id: 'best', taskset: { id: 'sums' }, client }, model: 'tiny', num_rollouts: 2, client };
  const { run, format } = await imported({
    'traces.jsonl': lines(episode(0), episode(1)),
    'configs/resolved/eval.json': JSON.stringify(config),
  });
  expect(format).toBe('verifiers');
  expect((await store.run(run)).config).toEqual({ env_id: 'best+sums', model: 'tiny', num_rollouts: 2 });
  const [row] = await store.rows(run, 'rollouts');
  expect(row).toMatchObject({
    messages: [
      { role: 'system', content: 'Add.' },
      { role: 'user', content: 'In short: 1+1?' },
      { role: 'assistant', content: '<think>q</think>2', sampled: true },
    ],
    prompt: 'In short: 1+1?',
    reward: 1.1,
    groundTruth: '2',
    groupId: 'g',
    truncated: true,
    otherBranches: [[{ content: 'Add.' }, { content: '1+1?' }, { content: 'lost' }]],
  });
  const selection = { runs: [run], table: 'rollouts', columns: ['time', 'response', 'chars'] };
  expect(await store.ask('POST', '/query/rows', selection)).toMatchObject({
    rows: [
      [1790000002500, '<think>q</think>2', 17],
      [1790000002500, '<think>q</think>2', 17],
    ],
  });
});

it.each([
  ['generation', 1],
  ['input', 512],
  ['prompts', 64],
  ['query', 3],
  ['completions', [1, 2]],
])('a record of numbers is metrics, also with %s among them', async (name, value) => {
  const record = (step: number) => ({ step, [name]: value, best_reward: step / 4 });
  const { run } = await imported({ 'log.jsonl': lines(record(1), record(2)) });
  expect((await store.points(run)).best_reward).toEqual([
    [1, 0.25],
    [2, 0.5],
  ]);
});

it('a file of rollouts may lack a text, or have one that looks like a number', async () => {
  const csv = 'step,prompt,response,reward\n1,12,4,1\n1,2+2?,4,1\n2,,,0\n';
  const { run } = await imported({ 'x.csv': csv });
  expect(await store.rows(run, 'rollouts')).toHaveLength(3);
});

it('a text with a reward is a rollout', async () => {
  const { run } = await imported({ 'samples.jsonl': lines({ step: 1, text: 'user\nq\nassistant\na', reward: 1 }) });
  expect(await store.roles(run, 'rollouts')).toEqual({
    text: 'messages',
    prompt: 'prompt',
    response: 'response',
    reward: 'reward',
  });
});

it('what is no entry of a log is not taken for one, and a wrong guess can be corrected', async () => {
  const record = { step: 1, data: { loss: 0.5 }, prompt: 'p', response: 'r', reward: 1 };
  const guessed = await imported({ 'x.jsonl': lines(record) });
  expect(guessed.format).toBe('verl');
  const corrected = await imported({ 'x.jsonl': lines(record) }, 'plain');
  expect(corrected.said[1]).toBe('  x.jsonl: plain, *.jsonl (by its ending alone): 1 row of rollouts');
  expect(await store.rows(corrected.run, 'rollouts')).toHaveLength(1);
  const rollout = { step: 1, prompt: 'p', response: 'r', metrics: { len: 1 } };
  const plain = await imported({ 'y.jsonl': lines(rollout) });
  expect([plain.format, plain.refused]).toEqual(['plain', 0]);
});

it('has one line for many files of a kind, and names those that are not read', async () => {
  const steps = Array.from({ length: 12 }, (_, i) => i + 1);
  const files = Object.fromEntries(
    steps.map((step) => [`r/${step}.jsonl`, lines({ input: 'p', output: 'a', score: 1, step })]),
  );
  const { said } = await imported({ ...files, 'notes.txt': 'x' });
  expect(said.slice(1)).toEqual([
    '  12 files, r/1.jsonl to r/12.jsonl: verl, <step>.jsonl with input and output (by its name and first record): 12 rows of rollouts',
    '  not read: 1 file, which verl has no use for here: notes.txt',
  ]);
});

it('takes a stream of rollouts for what it is, though some kinds of files are known by their names alone', async () => {
  const run = `run-${++runs}`;
  const summary = new Summary('stdin', () => {});
  const sender = new Sender(new StoreClient(store.url), summary, {}, () => {});
  const text = lines({ step: 1, prompt: 'p', response: 'r', reward: 0.5 });
  await importStream(Readable.from([Buffer.from(text)]), sender, summary, { run, project: 'p', plain: {} });
  expect(await store.rows(run, 'rollouts')).toEqual([{ step: 1, prompt: 'p', response: 'r', reward: 0.5 }]);
  expect(summary.lines()[1]).toBe('  stdin: plain, *.jsonl (by its ending alone): 1 row of rollouts');
});
