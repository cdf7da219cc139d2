import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as zlib from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedStore, servedStore } from '../../testing/servedStore';
import { startImport } from '../../testing/startImport';

let store: ServedStore;
const base = mkdtempSync(join(tmpdir(), 'rolloscope-layouts-'));
beforeAll(async () => {
  store = await servedStore();
});
afterAll(async () => {
  await store.stop();
  rmSync(base, { recursive: true });
});

let runs = 0;
const lines = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const importOf = (run: string) => startImport(join(base, run), store.url, { state: join(base, 'state') });

function write(run: string, files: Record<string, string | Buffer>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, run, path)), { recursive: true });
    writeFileSync(join(base, run, path), text);
  }
}

async function imported(files: Record<string, string | Buffer>) {
  const run = `run-${++runs}`;
  write(run, files);
  const source = importOf(run);
  await source.pass(true);
  source.close();
  expect(source.summary.refused).toBe(0);
  return { run, format: source.format?.name };
}

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

describe('ms-swift', () => {
  const step = (number: number) => ({
    step: [String(number), String(number)],
    prompt: ['1+1?', '1+1?'],
    completion: ['2', '3'],
    MyAcc: [1, 0],
    MyLen: [-0.25, -0.5],
    advantages: [0.7, -0.7],
    solution: ['2', '2'],
  });
  const logged = (number: number) => ({
    loss: 0.5,
    'rewards/MyAcc/mean': 0.5,
    'rewards/MyLen/mean': -0.375,
    'global_step/max_steps': `${number}/2`,
  });

  it('writes its completions by columns, the last step twice, and weights in its arguments', async () => {
    const { run, format } = await imported({
      'completions.jsonl': lines(step(1), step(2), step(2)),
      'logging.jsonl': lines(logged(1), logged(2)),
      'args.json': JSON.stringify({ rlhf_type: 'grpo', reward_funcs: ['my_acc', 'my_len'], reward_weights: [1, 0.5] }),
      'checkpoint-2/trainer_state.json': JSON.stringify({ log_history: [{ step: 2, loss: 0.5 }] }),
    });
    expect(format).toBe('ms-swift');
    expect(await store.points(run)).toMatchObject({
      loss: [
        [1, 0.5],
        [2, 0.5],
      ],
    });
    expect(
      (await store.rows(run, 'completions')).map((row) => [
        row.step,
        row.response,
        row.reward_sum,
        row.groundTruth ?? row.solution,
      ]),
    ).toEqual([
      [1, '2', 0.875, '2'],
      [1, '3', -0.25, '2'],
      [2, '2', 0.875, '2'],
      [2, '3', -0.25, '2'],
    ]);
    expect(await store.roles(run, 'completions')).toEqual({
      prompt: 'prompt',
      response: 'response',
      MyAcc: 'rewardPart',
      MyLen: 'rewardPart',
      advantage: 'advantage',
      solution: 'groundTruth',
      reward_sum: 'reward',
    });
  });

  /** A line of completions, and below what log calls say. */
  const answers = (number: number, ...texts: string[]) => ({
    step: texts.map(() => String(number)),
    prompt: texts.map((text) => `${text}?`),
    completion: texts,
    MyAcc: texts.map(() => 1),
    advantages: texts.map(() => 0),
  });
  const evaluated = (number: number) => ({ eval_loss: 0.5, 'global_step/max_steps': `${number}/9` });
  const ended = { model_parameter_info: 'tiny', global_step: 4 };
  const told = async (run: string, table: string) =>
    (await store.rows(run, table)).map(({ step, response }) => `${step} ${response}`);

  it('tells evals, whose lines are like those of the training, by the log call of the same place', async () => {
    const { run } = await imported({
      'completions.jsonl': lines(
        answers(0, 'e0'),
        answers(1, 'a1', 'b1'),
        answers(2, 'a2', 'b2'),
        // An eval that is due where no training is logged, another one of fewer answers than a step has, and one twice.
        answers(3, 'e3', 'f3'),
        answers(4, 'a4', 'b4'),
        answers(4, 'b4', 'e4'),
        answers(4, 'b4', 'e4'),
      ),
      'logging.jsonl': lines(
        evaluated(0),
        ...[logged(1), logged(2), evaluated(3), logged(4), evaluated(4)],
        { train_runtime: 1, 'global_step/max_steps': '4/4' },
        ended,
      ),
    });
    expect(await told(run, 'completions')).toEqual(['1 a1', '1 b1', '2 a2', '2 b2', '4 a4', '4 b4']);
    expect(await told(run, 'eval_completions')).toEqual(['0 e0', '3 e3', '3 f3', '4 e4']);
  });

  it('tells them in a job that was killed and resumed, also where it repeats its last step, and while it is followed', async () => {
    const run = `run-${++runs}`;
    const file = join(base, run, 'completions.jsonl');
    const log = join(base, run, 'logging.jsonl');
    const pass = async () => {
      const source = importOf(run);
      await source.pass(false);
      source.close();
    };
    // It is killed while it evaluates, and has the checkpoint of step 1.
    write(run, {
      'completions.jsonl': lines(answers(1, 'a1'), answers(2, 'a2')),
      'logging.jsonl': lines(logged(1), logged(2)),
    });
    await pass();
    appendFileSync(log, lines(logged(2), evaluated(2)));
    appendFileSync(file, lines(answers(2, 'c2')));
    await pass();
    // Every pass is a process of its own: what it has to know of the lines before is kept.
    appendFileSync(file, lines(answers(2, 'e2')));
    await pass();
    // It is killed again after step 3, whose eval was due, and evaluates when it starts.
    appendFileSync(log, lines(logged(3), evaluated(3), evaluated(2), logged(3), evaluated(3)));
    appendFileSync(file, lines(answers(3, 'a3'), answers(3, 'e3'), answers(2, 'g2'), answers(3, 'c3')));
    await pass();
    appendFileSync(file, lines(answers(3, 'g3')));
    await pass();
    const every = [...(await told(run, 'completions')), ...(await told(run, 'eval_completions'))];
    expect(every.filter((row) => /[eg]/.test(row))).toEqual(await told(run, 'eval_completions'));
    expect(await told(run, 'completions')).toEqual(expect.arrayContaining(['1 a1', '2 c2', '3 c3']));
    expect(await told(run, 'eval_completions')).toEqual(expect.arrayContaining(['2 g2', '3 g3']));
  });

  it('says that it guesses where no log tells', async () => {
    const run = `run-${++runs}`;
    write(run, {
      'completions.jsonl': lines(answers(1, 'a1'), answers(2, 'a2'), answers(2, 'e2')),
      'args.json': JSON.stringify({ rlhf_type: 'grpo' }),
    });
    const said: string[] = [];
    const tell = (...texts: readonly string[]) => said.push(...texts);
    const source = startImport(join(base, run), store.url, { state: join(base, 'state'), tell });
    await source.pass(true);
    source.close();
    expect(await told(run, 'completions')).toEqual(['1 a1', '2 a2']);
    expect(await told(run, 'eval_completions')).toEqual(['2 e2']);
    expect(said.join('\n')).toContain('a second line of a step is taken for one');
  });

  it('is told from TRL where it has no completions', async () => {
    const state = JSON.stringify({ log_history: [{ step: 2, loss: 0.5 }] });
    const { format } = await imported({ 'logging.jsonl': lines(logged(1)), 'trainer_state.json': state });
    expect(format).toBe('ms-swift');
  });
});

describe('TRL', () => {
  it('writes the completions of an eval over those of its step, which are a table of their own', async () => {
    const run = `run-${++runs}`;
    mkdirSync(join(base, run, 'completions'), { recursive: true });
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    for (const step of [1, 2]) {
      const file = join(base, run, 'completions', `completions_0000${step}.parquet`);
      await connection.run(
        `COPY (SELECT '${step}' AS step, 'p' AS prompt, 'c' AS completion, 1.0 AS fn, 0.5 AS advantage) TO '${file}'`,
      );
    }
    connection.closeSync();
    instance.closeSync();
    const history = [
      { step: 1, 'rewards/fn/mean': 1 },
      { step: 2, 'rewards/fn/mean': 1 },
      { step: 2, eval_reward: 1 },
    ];
    write(run, { 'trainer_state.json': JSON.stringify({ log_history: history }) });
    const source = importOf(run);
    await source.pass(true);
    source.close();
    expect((await store.rows(run, 'completions')).map(({ step }) => step)).toEqual([1]);
    expect((await store.rows(run, 'eval_completions')).map(({ step }) => step)).toEqual([2]);
  });
});

describe('ms-swift with Megatron', () => {
  const answered = (generated: number, ...texts: string[]) => ({
    gen_step: texts.map(() => generated),
    prompt: texts.map((text) => `${text}?`),
    completion: texts,
    MyAcc: texts.map((_, i) => i),
    advantages: texts.map((_, i) => i - 0.5),
  });
  const logged = (number: number, metrics: object) => ({
    ...metrics,
    iteration: `${number}/9`,
    elapsed_time: '1s',
    'train_speed(s/it)': 0.5,
  });
  const told = async (run: string) =>
    (await store.rows(run, 'completions')).map(
      ({ step, response, reward, MyAcc }) => `${step} ${response} ${reward ?? MyAcc}`,
    );

  it('counts generations from 0, which are of the iteration after, and goes on after a resume', async () => {
    const { run, format } = await imported({
      'logging.jsonl': lines(
        logged(1, { loss: 0.5, 'rewards/MyAcc/mean': 0.25 }),
        logged(2, { loss: 0.25 }),
        logged(2, { eval_loss: 1 }),
        logged(3, { loss: 0.125 }),
      ),
      'completions.jsonl': lines(answered(0, 'a', 'b'), answered(1, 'c', 'd'), answered(0, 'e', 'f'), answered(1, 'g')),
    });
    expect(format).toBe('ms-swift');
    const { loss, eval_loss: evals, iteration } = await store.points(run);
    expect([loss?.map(([step]) => step), evals, iteration]).toEqual([[1, 2, 3], [[2, 1]], undefined]);
    expect(await store.roles(run, 'completions')).toMatchObject({ MyAcc: 'reward', advantage: 'advantage' });
    expect(await told(run)).toEqual(['1 a 0', '1 b 1', '2 c 0', '2 d 1', '3 e 0', '3 f 1', '4 g 0']);
  });

  it('has a line a rollout over Ray, equal ones among them', async () => {
    const row = (generated: number, text: string, reward: number) => ({
      gen_step: generated,
      prompt: '1+1?',
      completion: text,
      reward,
    });
    const { run, format } = await imported({
      'logging.jsonl': lines(logged(1, { loss: 0.5 })),
      'completions.jsonl': lines(row(0, '2', 1), row(0, '2', 1), row(1, '3', 0)),
    });
    expect(format).toBe('ms-swift');
    expect(await told(run)).toEqual(['1 2 1', '1 2 1', '2 3 0']);
  });
});

describe('ms-swift’s GKD', () => {
  it('has completions of the training alone, whatever is logged as they are written', async () => {
    const answers = (number: number, text: string) => ({ step: [String(number)], prompt: ['q'], completion: [text] });
    const { run } = await imported({
      'completions.jsonl': lines(answers(2, 'a'), answers(4, 'b')),
      'logging.jsonl': lines(
        { eval_loss: 1, 'global_step/max_steps': '2/4' },
        { loss: 0.5, 'global_step/max_steps': '4/4' },
      ),
    });
    expect((await store.rows(run, 'completions')).map(({ step, response }) => [step, response])).toEqual([
      [2, 'a'],
      [4, 'b'],
    ]);
  });
});

describe('ms-swift, killed and resumed', () => {
  it('loses the line that was cut, by name, and tells its evals still', async () => {
    const line = (number: number, text: string) => ({
      step: [String(number)],
      prompt: ['q'],
      completion: [text],
      MyAcc: [1],
      advantages: [0],
    });
    const cut = JSON.stringify(line(4, 'cut')).slice(0, 30);
    const run = `run-${++runs}`;
    write(run, {
      'completions.jsonl': `${lines(line(1, 'a'), line(2, 'b'), line(2, 'eval b'), line(3, 'c'))}${cut}${lines(
        line(3, 'c, on one line with what was cut'),
        line(4, 'd'),
        line(4, 'eval d'),
        line(5, 'e'),
      )}`,
      'logging.jsonl': lines(
        ...[1, 2, 3, 4].flatMap((step) => [
          { loss: 1, 'global_step/max_steps': `${step}/5` },
          ...(step === 2 ? [{ eval_loss: 1, 'global_step/max_steps': '2/5' }] : []),
        ]),
        ...[3, 4].map((step) => ({ loss: 2, 'global_step/max_steps': `${step}/5` })),
        { eval_loss: 2, 'global_step/max_steps': '4/5' },
        { loss: 2, 'global_step/max_steps': '5/5' },
      ),
    });
    const source = importOf(run);
    await source.pass(true);
    source.close();
    expect(source.summary.refused).toBe(1);
    const told = async (table: string) =>
      (await store.rows(run, table)).map(({ step, response }) => `${step} ${response}`);
    expect(await told('completions')).toEqual(['1 a', '2 b', '3 c', '4 d', '5 e']);
    expect(await told('eval_completions')).toEqual(['2 eval b', '4 eval d']);
    const { loss } = await store.points(run);
    expect(loss).toEqual([1, 1, 2, 2, 2].map((value, i) => [i + 1, value]));
  });
});

describe('prime-rl', () => {
  const trace = (id: string, type: string, step: number) => ({
    id: `episode-${id}`,
    run: { type: 'train', id: 'r', work: { type, step, policy: { start: step - 1, end: step } } },
    group: { id: `g${step}` },
    task: { data: { answer: '2' } },
    traces: [
      {
        id,
        nodes: [{ message: user('1+1?') }, { parent: 0, message: assistant('2'), sampled: true, token_ids: [1] }],
        rewards: { right: { score: 1, weight: 1 } },
      },
    ],
  });
  const annotation = (id: string) => ({
    trace_id: id,
    info: { advantage: 0.25, train: { effective: true, trained_at_step: 3 } },
    branches: [{ index: 0, advantages: [0.25] }],
  });
  const root = 'monitors/file/traces';

  it('streams traces, evals among them, packs what is full, and annotates them', async () => {
    const run = `run-${++runs}`;
    const first = lines(trace('a', 'train', 1), trace('b', 'eval', 1));
    write(run, {
      'monitors/file/metrics.jsonl': lines(
        { step: null, time: 1_763_985_600, producer: 'orchestrator', 'setup/s': 1 },
        { step: 1, time: 1_763_985_601, producer: 'trainer', loss: 0.5 },
      ),
      [`${root}/stream/00000.jsonl`]: first,
      [`${root}/stream/stream.index.jsonl`]: lines({ trace_id: 'a', file: 0, offset: 0 }),
      [`${root}/live/c.jsonl`]: lines(trace('c', 'train', 1)),
      [`${root}/annotations/trainer/00000.jsonl`]: lines(annotation('a')),
    });
    const source = importOf(run);
    await source.pass(false);
    expect(source.format?.name).toBe('prime-rl');
    // The file is full, and is packed; the next one begins.
    const zstd = (zlib as unknown as { zstdCompressSync?: (text: string) => Buffer }).zstdCompressSync;
    renameSync(join(base, run, root, 'stream/00000.jsonl'), join(base, run, root, 'stream/old'));
    write(run, {
      [`${root}/stream/00000.jsonl.${zstd ? 'zst' : 'gz'}`]: zstd ? zstd(first) : zlib.gzipSync(first),
      [`${root}/stream/00001.jsonl`]: lines(trace('d', 'train', 2)),
    });
    rmSync(join(base, run, root, 'stream/old'));
    await source.pass(true);
    source.close();
    expect(source.summary.refused).toBe(0);
    const rows = await store.rows(run, 'rollouts');
    expect(
      rows.map(({ traceId, step, policyVersion, advantage, trainedAtStep, groundTruth }) => ({
        traceId,
        step,
        policyVersion,
        advantage,
        trainedAtStep,
        groundTruth,
      })),
    ).toEqual([
      { traceId: 'a', step: 1, policyVersion: 0, advantage: 0.25, trainedAtStep: 3, groundTruth: '2' },
      { traceId: 'd', step: 2, policyVersion: 1, advantage: null, trainedAtStep: null, groundTruth: '2' },
    ]);
    expect((await store.rows(run, 'eval_rollouts')).map(({ traceId }) => traceId)).toEqual(['b']);
    expect((await store.rows(run, 'trace_annotations')).map(({ traceId }) => traceId)).toEqual(['a']);
    expect(await store.points(run)).toEqual({ loss: [[1, 0.5]] });
    expect((await store.run(run)).summary).toMatchObject({ 'setup/s': 1 });
  });

  it('streamed into one file at first, and said what it shipped in two ways', async () => {
    const { run, format } = await imported({
      [`${root}/stream.jsonl`]: lines(trace('a', 'train', 1), trace('b', 'train', 1), trace('c', 'eval', 1)),
      [`${root}/stream.index.jsonl`]: lines({ id: 'a', offset: 0 }),
      [`${root}/annotations/orch.jsonl`]: lines(
        { trace_id: 'a', info: { effective: true, ship: { step: 2 }, advantage: -0.5 }, branches: [] },
        { trace_id: 'c', info: { effective: true, ship: { step: 1 } }, branches: [] },
      ),
      [`${root}/annotations/orch.index.jsonl`]: lines({ trace_id: 'a', info: { advantage: 9 } }),
      [`${root}/annotations/trainer.jsonl`]: lines({
        trace_id: 'a',
        info: {},
        branches: [{ index: 0, entropies: [1] }],
      }),
    });
    expect(format).toBe('prime-rl');
    const said = (await store.rows(run, 'rollouts')).map((row) =>
      [row.traceId, row.advantage, row.effective, row.trainedAtStep].join(),
    );
    expect(said).toEqual(['a,-0.5,true,2', 'b,,,']);
    const [evaluated] = await store.rows(run, 'eval_rollouts');
    expect([evaluated?.effective, evaluated?.trainedAtStep]).toEqual([true, undefined]);
    const told = (await store.rows(run, 'trace_annotations')).map((row) => [row.traceId, row.shippedAtStep].join());
    expect(told).toEqual(['a,2', 'c,1']);
  });
});

describe('Tinker cookbook', () => {
  const heading = (level: number, title: string, ...body: object[]) => ({
    tag: 'section',
    attrs: {},
    children: [
      { tag: `h${level}`, attrs: {}, children: [title] },
      { tag: 'div', attrs: {}, children: body },
    ],
  });
  const talk = (...messages: object[]) => ({
    tag: 'div',
    attrs: {},
    children: [],
    data: { type: 'conversation', messages },
  });
  const cells = (tag: string, ...texts: string[]) => ({
    tag: 'tr',
    children: texts.map((text) => ({ tag, children: [text] })),
  });
  const rewardTable = (reward: string) => ({
    tag: 'table',
    children: [
      { tag: 'thead', children: [cells('th', 'key', 'value')] },
      {
        tag: 'tbody',
        children: [
          cells('td', 'reference_answer', '&lt;2&gt;'),
          cells('td', 'correct', 'True'),
          cells('td', 'reward', reward),
        ],
      },
    ],
  });
  const attempt = (answer: string, reward: string) => [
    heading(3, 'Prompt', talk(user('1+1?'))),
    heading(3, 'Policy Response', talk(assistant(answer))),
    heading(3, 'Reward', rewardTable(reward)),
  ];

  it('reports the conversations of some groups as a tree, beside summaries of all', async () => {
    const group = heading(2, 'Group Rollout', ...attempt('2', '1.000'), ...attempt('3', '-0.100'));
    const report = { title: 't', root: { tag: 'body', children: [heading(1, 'Iteration', group, group)] } };
    const { run, format } = await imported({
      'iteration_000003/train_logtree.json': JSON.stringify(report),
      'iteration_000003/eval_math_logtree.json': JSON.stringify(report),
      'iteration_000003/train_rollout_summaries.jsonl': lines({ group_idx: 0, traj_idx: 0, total_reward: 1 }),
    });
    expect(format).toBe('tinker');
    const [row, ...others] = await store.rows(run, 'rollouts');
    expect(row).toEqual({
      step: 3,
      groupId: '3/0',
      messages: [user('1+1?'), { ...assistant('2'), sampled: true }],
      groundTruth: '<2>',
      correct: true,
      reward: 1,
    });
    expect(others.map(({ groupId, reward }) => [groupId, reward])).toEqual([
      ['3/0', -0.1],
      ['3/1', 1],
      ['3/1', -0.1],
    ]);
    expect(await store.roles(run, 'rollouts')).toMatchObject({
      prompt: 'prompt',
      response: 'response',
      correct: 'correct',
    });
    expect(await store.rows(run, 'eval_rollouts')).toHaveLength(4);
    expect(await store.rows(run, 'rollout_summaries')).toHaveLength(1);
  });
});

it("reads NeMo Gym's rollouts, which are items of Responses", async () => {
  const { run, format } = await imported({
    'rollouts.jsonl': lines({
      responses_create_params: { input: [user('1+1?')], model: 'm' },
      response: {
        output: [
          { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
          { type: 'function_call', name: 'add', arguments: '{"a":1}', call_id: 'c' },
          { type: 'function_call_output', call_id: 'c', output: '2' },
          {
            type: 'message',
            role: 'assistant',
            content: [{ type: 'output_text', text: 'It is 2.' }],
            generation_token_ids: [1],
          },
        ],
        incomplete_details: { reason: 'max_output_tokens' },
        usage: { output_tokens: 12 },
      },
      reward: 1,
      expected_answer: '2',
    }),
  });
  expect(format).toBe('nemo-gym');
  const [row] = await store.rows(run, 'rollouts');
  expect(row).toMatchObject({
    prompt: '1+1?',
    reward: 1,
    groundTruth: '2',
    truncated: true,
    model: 'm',
    output_tokens: 12,
  });
  expect(JSON.stringify(row)).not.toContain('token_ids');
  const answer = { rows: [['hm\n\nadd({"a":1})\n\n2\n\nIt is 2.']] };
  expect(
    await store.ask('POST', '/query/rows', { runs: [run], table: 'rollouts', columns: ['response'] }),
  ).toMatchObject(answer);
});

it("reads miles' trajectories, those of evals by themselves, and never its pickles", async () => {
  const sample = (group: number, status: string) => ({
    sample_index: 0,
    group_index: group,
    status,
    reward: 0.5,
    prompt: '1+1?',
    messages: [user('1+1?'), assistant('2')],
    label: '2',
  });
  const { run, format } = await imported({
    'trajectory/4.jsonl': lines(sample(0, 'completed'), sample(0, 'truncated')),
    'trajectory/eval_4.jsonl': lines(sample(1, 'completed')),
    'dashboard/metrics.jsonl': lines({ ts: 1_763_985_600.5, kind: 'metrics', step: 4, 'rollout/reward': 0.5 }),
    'rollout_4.pt': 'PK',
  });
  expect(format).toBe('miles');
  const rows = await store.rows(run, 'rollouts');
  expect(rows.map(({ step, groupId, truncated, groundTruth }) => [step, groupId, truncated, groundTruth])).toEqual([
    [4, '4/0', false, '2'],
    [4, '4/0', true, '2'],
  ]);
  expect(await store.rows(run, 'eval_rollouts')).toHaveLength(1);
  expect(await store.points(run)).toEqual({ 'rollout/reward': [[4, 0.5]] });
});

it("reads ART's trajectories by their split", async () => {
  const choice = { finish_reason: 'stop', index: 0, message: assistant('2') };
  const group = {
    trajectories: [0, 1].map((reward) => ({
      messages_and_choices: [user('1+1?'), choice],
      reward,
      metrics: { turns: 1 },
      metadata: { task: 't' },
    })),
  };
  const { run, format } = await imported({
    'trajectories/train/0002.jsonl': lines(group, group),
    'trajectories/val/0002.jsonl': lines(group),
    'history.jsonl': lines({ 'val/reward': 0.5, training_step: 2, step: 2, recorded_at: '2025-11-24T12:00:00' }),
  });
  expect(format).toBe('art');
  const rows = await store.rows(run, 'rollouts');
  expect(rows.map(({ groupId, reward, 'metrics/turns': turns }) => [groupId, reward, turns])).toEqual([
    ['2/0', 0, 1],
    ['2/0', 1, 1],
    ['2/1', 0, 1],
    ['2/1', 1, 1],
  ]);
  expect(rows[0]?.messages).toEqual([user('1+1?'), { ...assistant('2'), sampled: true }]);
  expect(await store.rows(run, 'eval_rollouts')).toHaveLength(2);
  expect(await store.points(run)).toEqual({ 'val/reward': [[2, 0.5]] });
});
