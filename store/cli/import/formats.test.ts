import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedStore, servedStore } from '../../testing/servedStore';
import { startImport } from '../../testing/startImport';

/** What a trainer writes by the facts, and what must come back of it. */
interface Sample {
  format: string;
  files: Record<string, string>;
  points?: Record<string, [number, number | string][]>;
  tables?: Record<string, { rows: Record<string, unknown>[]; roles: Record<string, string> }>;
}

const lines = (...records: unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

const SAMPLES: Sample[] = [
  {
    format: 'verl',
    files: {
      'exp/metrics.jsonl':
        '{"step": 1, "data": {"critic/rewards/mean": 0.1, "actor/lr(1e-4)": NaN}}\n' +
        '{"step": 2, "elapsed_seconds": 5.5, "data": {"critic/rewards/mean": -Infinity, "note": "text"}}\n',
      'exp/rollouts/1.jsonl': lines(
        { input: 'Ünïcode <|im_start|>', output: '<think>\u2028', gts: '4', score: 1, step: 1, acc: true, uid: 'a' },
        { input: 'q', output: '', gts: '4', score: 0, step: 1, acc: false, uid: 'a' },
      ),
      'exp/val_rollouts/2.jsonl': lines({ input: 'v', output: 'w', gts: null, score: 0.5, step: 2 }),
    },
    points: {
      'critic/rewards/mean': [
        [1, 0.1],
        [2, '-Infinity'],
      ],
      'actor/lr(1e-4)': [[1, 'NaN']],
    },
    tables: {
      rollouts: {
        rows: [
          {
            step: 1,
            prompt: 'Ünïcode <|im_start|>',
            response: '<think>\u2028',
            groundTruth: '4',
            score: 1,
            acc: true,
            groupId: 'a',
          },
          { step: 1, prompt: 'q', response: '', groundTruth: '4', score: 0, acc: false, groupId: 'a' },
        ],
        roles: {
          prompt: 'prompt',
          response: 'response',
          groundTruth: 'groundTruth',
          score: 'reward',
          acc: 'correct',
          groupId: 'groupId',
        },
      },
      eval_rollouts: {
        rows: [{ step: 2, prompt: 'v', response: 'w', groundTruth: null, score: 0.5 }],
        roles: { prompt: 'prompt', response: 'response', groundTruth: 'groundTruth', score: 'reward' },
      },
    },
  },
  {
    format: 'trl',
    files: {
      'checkpoint-2/trainer_state.json': JSON.stringify({
        global_step: 2,
        max_steps: 4,
        log_history: [{ step: 2, epoch: 0.5, reward: 0.25 }],
      }),
      'trainer_state.json': JSON.stringify({
        global_step: 4,
        max_steps: 4,
        log_history: [
          { step: 2, epoch: 0.5, reward: 0.25 },
          { step: 4, epoch: 1, reward: 0.75 },
        ],
      }),
    },
    points: {
      epoch: [
        [2, 0.5],
        [4, 1],
      ],
      reward: [
        [2, 0.25],
        [4, 0.75],
      ],
    },
  },
  {
    format: 'prime-rl',
    files: {
      'metrics.jsonl': lines({ step: 0, time: 1_763_985_600.5, 'reward/all/mean': 0.5 }),
      'rollouts/step_0/train/all/traces.jsonl': lines(
        {
          id: 'episode-1',
          env: { id: 'coding' },
          group: { id: 'g1' },
          ok: true,
          traces: [
            {
              id: 't1',
              task: { key: 'coding/1' },
              nodes: [
                { message: { role: 'user', content: 'Write it.' }, token_ids: [1, 2] },
                { message: { role: 'assistant', content: 'Done.' } },
              ],
              rewards: { tests: { score: 1, weight: 1 }, format: { score: 0.5, weight: 0.2 }, judge: null },
              metrics: { turns: 1 },
            },
          ],
        },
        {
          id: 'episode-2',
          env: { id: 'coding' },
          group: { id: 'g1' },
          ok: false,
          errors: [{ type: 'Timeout' }],
          traces: [],
        },
      ),
      'rollouts/step_0/train/effective/traces.jsonl': lines({ id: 'episode-1', nodes: [], rewards: {} }),
    },
    points: { 'reward/all/mean': [[0, 0.5]] },
    tables: {
      rollouts: {
        rows: [
          {
            step: 0,
            messages: [
              { role: 'user', content: 'Write it.' },
              { role: 'assistant', content: 'Done.' },
            ],
            prompt: 'Write it.',
            reward: 1.1,
            'rewards/tests': 1,
            'rewards/format': 0.5,
            'rewards/judge': null,
            groupId: 'g1',
            environment: 'coding',
            'metrics/turns': 1,
            traceId: 't1',
            error: null,
          },
          {
            step: 0,
            messages: null,
            prompt: null,
            reward: null,
            'rewards/tests': null,
            'rewards/format': null,
            'rewards/judge': null,
            groupId: 'g1',
            environment: 'coding',
            'metrics/turns': null,
            traceId: 'episode-2',
            error: [{ type: 'Timeout' }],
          },
        ],
        roles: {
          messages: 'messages',
          prompt: 'prompt',
          response: 'response',
          reward: 'reward',
          'rewards/tests': 'rewardPart',
          'rewards/format': 'rewardPart',
          'rewards/judge': 'rewardPart',
          groupId: 'groupId',
          error: 'error',
        },
      },
    },
  },
  {
    format: 'skyrl',
    files: {
      'dumped_evals/global_step_8_evals/gsm8k.jsonl': lines({
        input_prompt: 'p',
        output_response: 'r',
        score: [0, 0.5, 0.5],
        stop_reason: 'length',
        env_class: 'gsm8k',
        env_extras: { reward_spec: { method: 'rule', ground_truth: '7' } },
      }),
      'dumped_evals/eval_only/math.jsonl': lines({
        input_prompt: 'p',
        output_response: 'r',
        score: 1,
        env_extras: { extra_info: { answer: '8' } },
      }),

      'dumped_evals/global_step_8_evals/aggregated_results.jsonl': lines({ 'eval/all/avg_score': 1 }),
    },
    points: { 'eval/all/avg_score': [[8, 1]] },
    tables: {
      eval_rollouts: {
        rows: [
          {
            step: 8,
            prompt: 'p',
            response: 'r',
            score: 1,
            stop_reason: 'length',
            env_extras: { reward_spec: { method: 'rule', ground_truth: '7' } },
            groundTruth: '7',
            environment: 'gsm8k',
            truncated: true,
            dataset: 'gsm8k',
          },
          {
            step: null,
            prompt: 'p',
            response: 'r',
            score: 1,
            stop_reason: null,
            env_extras: { extra_info: { answer: '8' } },
            groundTruth: '8',
            environment: null,
            truncated: null,
            dataset: 'math',
          },
        ],
        roles: {
          prompt: 'prompt',
          response: 'response',
          score: 'reward',
          truncated: 'truncated',
          groundTruth: 'groundTruth',
        },
      },
    },
  },
  {
    format: 'nemo-rl',
    files: {
      'train_data_step3.jsonl': lines({
        content: ['text'],
        rewards: [1],
        token_ids: [[1, 2]],
        prev_logprobs: [[0, 0]],
        idx: 0,
      }),
      'val_data_step3.jsonl': lines({
        content: [
          [
            { role: 'user', content: 'u' },
            { role: 'assistant', content: 'a' },
          ],
        ],
        rewards: [0],
        idx: 0,
      }),
    },
    tables: {
      rollouts: {
        rows: [{ step: 3, content: 'text', reward: 1, idx: 0 }],
        roles: { content: 'messages', prompt: 'prompt', response: 'response', reward: 'reward' },
      },
      eval_rollouts: {
        rows: [
          {
            step: 3,
            content: [
              { role: 'user', content: 'u' },
              { role: 'assistant', content: 'a' },
            ],
            reward: 0,
            idx: 0,
          },
        ],
        roles: { content: 'messages', prompt: 'prompt', response: 'response', reward: 'reward' },
      },
    },
  },
  {
    format: 'areal',
    files: {
      'rollout/5/gsm8k.jsonl': lines({
        task_id: 't',
        sample_idx: 0,
        seqlen: 9,
        reward: 1,
        prompt: 'p',
        completion: 'c',
        head_version: 4,
        tail_version: 5,
      }),
      'eval-rollout/5/gsm8k.jsonl': lines({ task_id: 'v', sample_idx: 0, reward: 0, prompt: 'q', completion: 'd' }),
    },
    tables: {
      rollouts: {
        rows: [
          {
            step: 5,
            groupId: 't',
            sample_idx: 0,
            seqlen: 9,
            reward: 1,
            prompt: 'p',
            response: 'c',
            policyVersion: 4,
            policyVersionEnd: 5,
            trainingVersion: 5,
          },
        ],
        roles: { groupId: 'groupId', reward: 'reward', prompt: 'prompt', response: 'response' },
      },
      eval_rollouts: {
        rows: [{ step: 5, groupId: 'v', sample_idx: 0, reward: 0, prompt: 'q', response: 'd', policyVersion: 5 }],
        roles: { groupId: 'groupId', reward: 'reward', prompt: 'prompt', response: 'response' },
      },
    },
  },
  {
    format: 'roll',
    files: {
      'rollout_dump_data.step_7.jsonl': lines({
        global_step: [7, 7],
        id: ['a', 'b'],
        prompt: ['p1', 'p2'],
        responses: ['r1', 'r2'],
        scores: [1, 0],
      }),
    },
    tables: {
      rollouts: {
        rows: [
          { step: 7, id: 'a', prompt: 'p1', response: 'r1', score: 1 },
          { step: 7, id: 'b', prompt: 'p2', response: 'r2', score: 0 },
        ],
        roles: { prompt: 'prompt', response: 'response', score: 'reward' },
      },
    },
  },
  {
    format: 'tinker',
    files: {
      'metrics.jsonl': lines({ step: 1, 'env/all/reward/total': 0.5, 'progress/done_frac': 0.1 }),
      'iteration_000001/train_rollout_summaries.jsonl': lines({
        iteration: 1,
        group_idx: 2,
        traj_idx: 0,
        total_reward: 1,
        steps: [{ reward: 1 }],
      }),
    },
    points: { 'env/all/reward/total': [[1, 0.5]], 'progress/done_frac': [[1, 0.1]] },
    tables: {
      rollout_summaries: {
        rows: [{ step: 1, groupId: '1/2', traj_idx: 0, reward: 1, steps: [{ reward: 1 }] }],
        roles: { groupId: 'groupId', reward: 'reward' },
      },
    },
  },
  {
    format: 'entries',
    files: {
      'log.jsonl': lines({ step: 1, metrics: { m: 0.5 }, tables: { t: { columns: ['a'], rows: [['x']] } } }),
    },
    points: { m: [[1, 0.5]] },
    tables: { t: { rows: [{ step: 1, a: 'x' }], roles: {} } },
  },
  {
    format: 'plain',
    files: {
      'evals.csv': 'step,prompt,response,reward\r\n1,"two\nlines, ""quoted""",r,0.5\r\n2,p,007,nan\r\n',
      'scalars.jsonl': lines({ global_step: 1, loss: 0.5 }, { global_step: 2, loss: 0.25 }),
    },
    points: {
      loss: [
        [1, 0.5],
        [2, 0.25],
      ],
    },
    tables: {
      eval_rollouts: {
        rows: [
          { step: 1, prompt: 'two\nlines, "quoted"', response: 'r', reward: 0.5 },
          { step: 2, prompt: 'p', response: '007', reward: 'NaN' },
        ],
        roles: { prompt: 'prompt', response: 'response', reward: 'reward' },
      },
    },
  },
];

let store: ServedStore;
const folder = mkdtempSync(join(tmpdir(), 'rolloscope-formats-'));
beforeAll(async () => {
  store = await servedStore();
});
afterAll(async () => {
  await store.stop();
  rmSync(folder, { recursive: true });
});

it('reads the completions of TRL, which pandas writes as parquet; its state tells the reward functions', async () => {
  const run = join(folder, 'parquet');
  mkdirSync(join(run, 'completions'), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const values = (step: string, score: string) =>
    `('${step}', 'p', '<think>ü', 1.0::DOUBLE, ${score}, 40, 7::DOUBLE, 0.5::DOUBLE, [9007199254740991::BIGINT])`;
  for (const [step, score] of [
    ['1', "'NaN'::DOUBLE"],
    ['2', '0.25::DOUBLE'],
  ] as const) {
    await connection.run(
      `COPY (SELECT * FROM (VALUES ${values(step, score)}, ${values(step, 'NULL')})
         t(step, prompt, completion, format_reward, right_fn, n_calls, raw_reward, advantage, tags))
       TO '${join(run, 'completions', `completions_0000${step}.parquet`)}' (FORMAT parquet, COMPRESSION ${step === '1' ? 'snappy' : 'zstd'})`,
    );
  }
  connection.closeSync();
  instance.closeSync();
  writeFileSync(join(run, 'completions', 'completions_00003.parquet'), 'PAR1 half');
  const means = { 'rewards/format_reward/mean': 1, 'rewards/right_fn/mean': 0.25, reward: 1.25 };
  writeFileSync(join(run, 'trainer_state.json'), JSON.stringify({ log_history: [{ step: 2, ...means }] }));
  const source = importOf(run);
  await source.pass(true);
  expect(source.format?.name).toBe('trl');
  expect(said.at(-1)).toBe('completions/completions_00003.parquet: It is not a whole parquet file.');
  source.close();
  const row = {
    prompt: 'p',
    response: '<think>ü',
    format_reward: 1,
    n_calls: 40,
    raw_reward: 7,
    advantage: 0.5,
    tags: [9007199254740991],
  };
  expect(await store.rows('parquet', 'completions')).toEqual([
    { step: 1, ...row, right_fn: 'NaN', reward_sum: 1 },
    { step: 1, ...row, right_fn: null, reward_sum: 1 },
    { step: 2, ...row, right_fn: 0.25, reward_sum: 1.25 },
    { step: 2, ...row, right_fn: null, reward_sum: 1 },
  ]);
  expect(await store.roles('parquet', 'completions')).toEqual({
    prompt: 'prompt',
    response: 'response',
    format_reward: 'rewardPart',
    right_fn: 'rewardPart',
    advantage: 'advantage',
    reward_sum: 'reward',
  });
});

const said: string[] = [];
const importOf = (path: string) =>
  startImport(path, store.url, { state: join(folder, 'state'), tell: (line) => said.push(line) });

async function expectTaken(run: string, { points = {}, tables = {} }: Sample) {
  if (Object.keys(points).length > 0) {
    expect(await store.points(run)).toEqual(points);
  }
  for (const [table, { rows, roles }] of Object.entries(tables)) {
    expect(await store.rows(run, table)).toEqual(rows);
    expect(await store.roles(run, table)).toEqual(roles);
  }
}

// A pass for every byte: a busy machine takes its time.
describe.each(SAMPLES)('$format', { timeout: 120_000 }, (sample) => {
  it('is recognised and taken whole, once', async () => {
    const run = `whole-${sample.format}`;
    for (const [path, text] of Object.entries(sample.files)) {
      mkdirSync(dirname(join(folder, run, path)), { recursive: true });
      writeFileSync(join(folder, run, path), text);
    }
    for (let time = 0; time < 2; time++) {
      const source = importOf(join(folder, run));
      expect(await source.pass(true)).toBe(time === 0);
      expect(source.format?.name).toBe(sample.format);
      expect(source.summary.refused).toBe(0);
      source.close();
      await expectTaken(run, sample);
    }
    expect((await store.run(run)).project).toBe(folder.split('/').at(-1));
  });

  it('is taken as it is written, cut anywhere', async () => {
    const run = `grown-${sample.format}`;
    mkdirSync(join(folder, run));
    const source = importOf(join(folder, run));
    const cut = sample.format === 'verl' ? 1 : 17;
    for (const [path, text] of Object.entries(sample.files)) {
      mkdirSync(dirname(join(folder, run, path)), { recursive: true });
      const bytes = Buffer.from(text);
      for (let from = 0; from < bytes.length; from += cut) {
        appendFileSync(join(folder, run, path), bytes.subarray(from, from + cut));
        await source.pass(false);
      }
    }
    await source.pass(false);
    expect(source.format?.name).toBe(sample.format);
    expect(source.summary.refused).toBe(0);
    source.close();
    await expectTaken(run, sample);
  });
});
