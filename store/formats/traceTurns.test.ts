import { turnTimes } from '@rolloscope/contract';
import { describe, expect, it } from 'vitest';
import { readTrace } from './readTrace';
import { annotatedTokens, traceTokens } from './traceTokens';

const call = (id: string, name: string) => ({ id, name, arguments: '{}' });
const node = (parent: number | null, message: object, sampled = false) => ({ parent, message, sampled });
const generated = (at: number, start: number, end: number, rest = {}) => ({
  node: at,
  finish_reason: 'stop',
  usage: { prompt_tokens: 10, cached_input_tokens: 5, completion_tokens: 3 },
  time: { start, end },
  ...rest,
});

/** As verifiers' `Trace` with tools (`verifiers/v1/trace.py`), in seconds from 1,000. */
const withTools = {
  id: 'a',
  nodes: [
    node(null, { role: 'user', content: 'q' }),
    node(0, { role: 'assistant', content: null, tool_calls: [call('1', 'search'), call('2', 'python')] }, true),
    node(1, { role: 'tool', tool_call_id: '1', content: 'found' }),
    node(2, { role: 'tool', tool_call_id: '2', content: '4' }),
    node(3, { role: 'assistant', content: '4' }, true),
  ],
  calls: [
    generated(4, 1_009, 1_010),
    { time: { start: 1_008, end: 1_008.5 }, error: { type: 'ProviderError', message: 'full' } },
    generated(1, 1_002, 1_003, { finish_reason: 'tool_calls' }),
  ],
  info: { dispatch: { time: 995 } },
  timing: {
    start: 1_000,
    boot: { start: 1_000, end: 1_001 },
    setup: { start: 1_001, end: 1_001.5 },
    agent: { start: 1_001.5, end: 1_011 },
    finalize: { start: 0, end: 0 },
    scoring: { start: 1_011, end: 1_013 },
  },
};

const turnsOf = (record: Record<string, unknown>) => readTrace(record)[0]?.row.turns as ReturnType<typeof Array.from>;

describe('the turns of a trace', () => {
  it('are its calls, the tools between them, its phases, and the wait before', () => {
    const turns = turnsOf(withTools);
    const at = (start: number, end: number) => ({ start: start * 1_000, end: end * 1_000 });
    const counts = { tokensIn: 15, tokensOut: 3 };
    expect(turns).toEqual([
      { kind: 'queue', ...at(995, 1_000) },
      { kind: 'environment', tool: 'boot', ...at(1_000, 1_001) },
      { kind: 'environment', tool: 'setup', ...at(1_001, 1_001.5) },
      { kind: 'environment', tool: 'harness', ...at(1_001.5, 1_002) },
      { kind: 'generate', message: 1, finishReason: 'tool_calls', ...counts, ...at(1_002, 1_003) },
      { kind: 'environment', tool: 'harness', ...at(1_003, 1_008) },
      { kind: 'generate', error: 'ProviderError: full', ...at(1_008, 1_008.5) },
      { kind: 'tool', tool: 'search, python', message: 2, ...at(1_008.5, 1_009) },
      { kind: 'generate', message: 4, finishReason: 'stop', ...counts, ...at(1_009, 1_010) },
      { kind: 'environment', tool: 'harness', ...at(1_010, 1_011) },
      { kind: 'environment', tool: 'scoring', ...at(1_011, 1_013) },
    ]);
    const times = turnTimes(turns as Parameters<typeof turnTimes>[0]);
    expect(Object.values(times?.seconds ?? {}).reduce((sum: number, one) => sum + (one ?? 0), 0)).toBeCloseTo(18, 6);
  });

  it('go on from where they branch, with what was said beside the final conversation', () => {
    const nodes = [
      node(null, { role: 'user', content: 'q' }),
      node(0, { role: 'assistant', content: 'first' }, true),
      node(0, { role: 'assistant', content: 'second' }, true),
      node(2, { role: 'user', content: 'go on' }),
      node(3, { role: 'assistant', content: 'third' }, true),
    ];
    const calls = [{ node: 1 }, { node: 2 }, { node: 4 }];
    expect(turnsOf({ nodes, calls })).toEqual([
      { kind: 'generate', role: 'assistant', content: 'first' },
      { kind: 'generate', message: 1 },
      { kind: 'generate', message: 3, parent: 1 },
    ]);
  });

  it('have the version of the policy where it was one', () => {
    const of = (policy: object) => {
      const record = { ...withTools, run: { work: { type: 'train', step: 3, policy } } };
      return new Set((turnsOf(record) as Array<{ policyVersion?: number }>).map(({ policyVersion }) => policyVersion));
    };
    expect(of({ start: 2, end: 2 })).toEqual(new Set([undefined, 2]));
    expect(of({ start: 2, end: 3 })).toEqual(new Set([undefined]));
  });

  it('are none of a trace without any, and no trace is too odd', () => {
    expect(turnsOf({ nodes: [] })).toBeUndefined();
    const odd = [null, 7, 'x', [], {}, [null], [{ parent: 5 }], [{ parent: 0, message: { role: 'tool' } }]];
    for (const nodes of odd) {
      for (const calls of [
        ...odd,
        [
          { node: 0, time: 3 },
          { node: 9, time: { start: 'x' }, usage: 1, error: [] },
        ],
      ]) {
        for (const timing of [...odd, { agent: { start: 9, end: 1 }, boot: 3, start: -1 }]) {
          expect(() => readTrace({ nodes, calls, timing, info: timing })).not.toThrow();
        }
      }
    }
  });

  it('take time by their number alone', () => {
    const count = 20_000;
    const nodes = Array.from({ length: count }, (_, i) =>
      node(i - 1, { role: i % 2 ? 'assistant' : 'tool', content: 'x' }, i % 2 === 1),
    );
    const calls = nodes.flatMap(({ sampled }, i) => (sampled ? [generated(i, 1_000 + i, 1_000.5 + i)] : []));
    expect(turnsOf({ nodes, calls }).length).toBeGreaterThan(count * 0.9);
  });
});

describe('the tokens of a trace', () => {
  const nodes = [
    { message: { role: 'user', content: 'q' }, token_ids: [5, 6], mask: [false, false], logprobs: [] },
    {
      parent: 0,
      message: { role: 'assistant', content: 'a' },
      sampled: true,
      token_ids: [7, 8, 9],
      mask: [false, true, true],
      logprobs: [-0.12345678, -1],
      advantages: [0.5, 0.25],
    },
  ];
  const graph = readTrace({ nodes })[0]?.graph ?? { nodes: [], parentOf: () => -1, paths: [] };

  it('have what the engine said where it sampled, and what was annotated', () => {
    const annotated = {
      ...annotatedTokens([
        { index: 0, trainer_logprobs: [null, null, null, -0.25, -1.5], is_masked: [0, 0, 0, false, true] },
      ]),
      ...annotatedTokens([{ index: 0, entropies: [null, null, null, 1, 2] }]),
    };
    const left: string[] = [];
    expect(traceTokens(graph, annotated, (name) => left.push(name))).toEqual({
      id: [5, 6, 7, 8, 9],
      mask: [0, 0, 0, 1, 1],
      engineLogprob: [null, null, null, -0.123457, -1],
      trainerLogprob: [null, null, null, -0.25, -1.5],
      entropy: [null, null, null, 1, 2],
      advantage: [null, null, null, 0.5, 0.25],
      isMasked: [0, 0, 0, 0, 1],
    });
    expect(left).toEqual([]);
  });

  it('leave out, and tell, lists of another length and what is too much for a cell', () => {
    const left: string[] = [];
    const leave = (name: string) => left.push(name);
    const short = annotatedTokens([{ index: 0, trainer_logprobs: [1] }]);
    expect(traceTokens(graph, short, leave)).not.toHaveProperty('trainerLogprob');
    const many = Array.from({ length: 2 ** 20 }, (_, i) => i);
    const large = { nodes: [{ token_ids: many, mask: many.map(() => true), logprobs: many.map(() => -0.5) }] };
    expect(traceTokens(readTrace(large)[0]?.graph ?? graph, {}, leave)).toBeUndefined();
    expect(left).toEqual([
      'trainerLogprob of tokens, of another length than the others',
      'tokens of rollouts, where they are more than a cell takes',
    ]);
    expect(traceTokens({ ...graph, nodes: [] }, {}, leave)).toBeUndefined();
  });
});
