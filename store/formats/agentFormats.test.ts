import { turnTimes } from '@rolloscope/contract';
import type { Turn } from '@rolloscope/contract/types';
import { describe, expect, it } from 'vitest';
import { areal } from './areal';
import type { Format, RowsItem, TakeContext } from './Format';
import { miles } from './miles';
import { nemoGym } from './nemoGym';
import { nemoRl } from './nemoRl';
import { spanTurns } from './spanTurns';
import { tinker } from './tinker';

const left: string[] = [];

/** The one row of a record, by the adapter's kind of file that takes it. */
function rowOf(format: Format, path: string, record: Record<string, unknown>, added?: TakeContext['added']) {
  const kind = format.files.find((one) => one.match(path) && (one.accepts?.(record) ?? true));
  const place = kind?.match(path) ?? { path };
  left.length = 0;
  const context = {
    place,
    options: {},
    head: [],
    order: 1,
    leave: (name: string) => left.push(name),
    remark() {},
  };
  const [item] = kind?.take(record, { ...context, ...(added && { added }) }) ?? [];
  const { columns, rows, roles, table } = item as RowsItem;
  expect(roles?.turns ?? 'turns').toBe('turns');
  expect(columns.includes('turns') && roles?.turns === undefined).toBe(false);
  const cells: Record<string, unknown> & { turns?: Turn[] } = Object.fromEntries(
    columns.map((name, i) => [name, rows[0]?.[i]]),
  );
  return { table, cells };
}

const at = (start: number, end: number) => ({ start: start * 1_000, end: end * 1_000 });
const EPOCH = 1_796_000_000;

describe('AReaL', () => {
  it('has a session’s phases as turns that add up to its total', () => {
    const { table, cells } = rowOf(areal, 'sessions.jsonl', {
      session_id: 3,
      status: 'accepted',
      submit_ts: EPOCH,
      finalized_ts: EPOCH + 10.1234,
      total_s: 10.1234,
      phases: {
        generate: [
          { start_ts: EPOCH + 1, end_ts: EPOCH + 3 },
          { start_ts: EPOCH + 5.5, end_ts: EPOCH + 6 },
        ],
        toolcall: [{ start_ts: EPOCH + 3, end_ts: EPOCH + 5 }],
        reward: [{ start_ts: EPOCH + 6, end_ts: EPOCH + 7.5 }],
      },
    });
    expect(table).toBe('sessions');
    expect(cells.turns?.map(({ kind, tool }) => [kind, tool])).toEqual([
      ['queue', undefined],
      ['generate', undefined],
      ['tool', 'toolcall'],
      ['environment', 'workflow'],
      ['generate', undefined],
      ['environment', 'reward'],
      ['environment', 'workflow'],
    ]);
    const { seconds } = turnTimes(cells.turns ?? []) ?? {};
    expect(seconds?.generate).toBeCloseTo(2.5, 3);
    expect(Object.values(seconds ?? {}).reduce((sum: number, one) => sum + (one ?? 0), 0)).toBeCloseTo(10.1234, 3);
  });

  it('has the versions that made a rollout, and its segments as turns', () => {
    const { cells } = rowOf(areal, 'rollout/7/1.jsonl', {
      task_id: 't',
      completion: 'c',
      head_version: 5,
      tail_version: 7,
      segments: [
        { role: 'user', len: 4, text: 'q' },
        { role: 'assistant', len: 9, text: 'a' },
      ],
    });
    expect(cells).toMatchObject({ policyVersion: 5, policyVersionEnd: 7, trainingVersion: 7 });
    expect(cells.turns).toEqual([
      { kind: 'environment', role: 'user', message: 0 },
      { kind: 'generate', message: 1, tokensOut: 9 },
    ]);
  });
});

describe('NeMo Gym', () => {
  const output = [
    { type: 'reasoning', summary: [] },
    { type: 'function_call', call_id: '1', name: 'search', arguments: '{}' },
    { type: 'function_call_output', call_id: '1', output: 'found' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: '4' }] },
  ];
  const record = { responses_create_params: { input: 'q' }, response: { output }, reward: 1 };

  it('has items of Responses as turns', () => {
    expect(rowOf(nemoGym, 'rollouts.jsonl', record).cells.turns).toEqual([
      { kind: 'generate', message: 1 },
      { kind: 'tool', message: 3, tool: 'search' },
      { kind: 'generate', message: 4 },
    ]);
  });

  it('has the calls that were observed, with their times', () => {
    const call = (start: number, end: number) => ({
      started_at: EPOCH + start,
      completed_at: EPOCH + end,
      response_metadata: { finish_reason: 'stop' },
      token_stats: { prompt_tokens: 7, completion_tokens: 2 },
    });
    const tool = { kind: 'tool_call', tool_call_id: '1', duration_ms: 250, status: 'timeout', started_at: null };
    const { cells } = rowOf(nemoGym, 'rollouts.jsonl', {
      ...record,
      ng_trajectory: { model_calls: [call(0, 1), call(2, 4.5)], tool_calls: [tool] },
    });
    const generated = { kind: 'generate', finishReason: 'stop', tokensIn: 7, tokensOut: 2 };
    expect(cells.turns).toEqual([
      { ...generated, ...at(EPOCH, EPOCH + 1) },
      { ...generated, ...at(EPOCH + 2, EPOCH + 4.5) },
      { kind: 'tool', tool: 'search', message: 3, seconds: 0.25, error: 'timeout' },
    ]);
    expect(Object.keys(cells)).not.toContain('ng_trajectory');
    expect(left).toContain('observations of calls beyond their times and counts');
  });
});

describe('miles', () => {
  const events = [
    ['attempt_start', 0, -1, ''],
    ['gen_start', 0.1, -1, ''],
    ['gen_end', 2, 1, '3'],
    ['gen_start', 1, 1, ''],
    ['tool_start', 2, 1, ''],
    ['tool_end', 7, 1, ''],
    ['gen_start', 7, 2, ''],
    ['attempt_end', 9, -1, '4'],
  ] as const;

  it('pairs the events of a sample to turns, as its dashboard does', () => {
    const kind = miles.files.find(({ match }) => match('dashboard/trajectories/20260101_00.jsonl'));
    const fields = events.map(([kindOf, ts, turn, weight_version]) => {
      const record = {
        ts: EPOCH + ts,
        kind: kindOf,
        sample_index: 4,
        group_index: 0,
        turn,
        weight_version,
        detail: '',
      };
      expect(kind?.accepts?.(record)).toBe(true);
      return kind?.adds?.(record, { place: { path: '' } })?.fields ?? {};
    });
    const added = new Map([['4', Object.assign({}, ...fields) as Record<string, unknown>]]);
    const record = { sample_index: 4, group_index: 0, status: 'completed', reward: 1, prompt: [], messages: [] };
    expect(rowOf(miles, 'trajectory/2.jsonl', record, added).cells.turns).toEqual([
      { kind: 'generate', policyVersion: 3, ...at(EPOCH + 1, EPOCH + 2) },
      { kind: 'tool', ...at(EPOCH + 2, EPOCH + 7) },
      { kind: 'generate', policyVersion: 4, ...at(EPOCH + 7, EPOCH + 9) },
    ]);
    expect(rowOf(miles, 'trajectory/eval_2.jsonl', record, added).cells.turns).toBeUndefined();
  });

  it('has the response’s tokens', () => {
    const row = { sample_index: 0, tokens: [1, 2, 3, 4], loss_mask: [1, 0], rollout_log_probs: [-0.5, -0.25] };
    const { cells } = rowOf(miles, 'dashboard_columns/rollout_1.parquet', row);
    expect(cells.tokens).toEqual({ engineLogprob: [-0.5, -0.25], id: [3, 4], mask: [1, 0] });
  });
});

describe('NeMo-RL', () => {
  it('has the tokens of a rollout, without those that fill the batch up', () => {
    const { cells } = rowOf(nemoRl, 'train_data_step3.jsonl', {
      content: ['q a'],
      input_lengths: [2],
      token_ids: [[5, 6, 0]],
      token_loss_mask: [[0, 1, 0]],
      generation_logprobs: [[0, -0.5, 0]],
      prev_logprobs: [[0, -0.75, 0]],
    });
    expect(cells.tokens).toEqual({ id: [5, 6], mask: [0, 1], engineLogprob: [0, -0.5], trainerLogprob: [0, -0.75] });
    expect(left).toEqual([]);
  });
});

describe('spans', () => {
  it('of Tinker are seconds of a step', () => {
    const spans = [
      { name: 'policy_sample', duration: 1.5, wall_start: 0, wall_end: 1.5 },
      { name: 'env_step', duration: 0.5, wall_start: 1.5, wall_end: 2 },
    ];
    const { table, cells } = rowOf(tinker, 'timing_spans.jsonl', { step: 4, spans });
    expect([table, cells.turns]).toEqual([
      'timing_spans',
      [
        { kind: 'generate', seconds: 1.5 },
        { kind: 'environment', tool: 'env_step', seconds: 0.5 },
      ],
    ]);
  });

  it('are read in any unit since 1970, and never fail', () => {
    const start = EPOCH * 1_000;
    for (const unit of [0.001, 1, 1_000, 1_000_000]) {
      expect(
        spanTurns([{ type: 'tool', name: 'bash', start_time: start * unit, end_time: (start + 500) * unit }]),
      ).toEqual([{ kind: 'tool', tool: 'bash', start, end: start + 500 }]);
    }
    for (const odd of [null, 7, 'x', {}, [null], [[]], [{ name: 7, start: {}, error: [] }]]) {
      expect(() => spanTurns(odd)).not.toThrow();
    }
  });
});
