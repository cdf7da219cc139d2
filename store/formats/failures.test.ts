import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endFailure, errorFailure, failureWord, turnsFailure } from './failures';

describe('what a trainer logs of an error', () => {
  it('is a word for what gave way', () => {
    const told: Array<[string | null, unknown]> = [
      ['timeout', 'SandboxError: the command timed out after 30 s'],
      ['sandbox', [{ type: 'SandboxError', message: 'gone' }]],
      ['sandbox', 'docker: cannot start'],
      ['aborted', { message: 'Request was cancelled by the scheduler' }],
      ['model', { type: 'ModelError', message: 'EmptyModelResponse' }],
      ['connection', 'ConnectError: [Errno 111]'],
      ['tool', { error_type: 'ToolError' }],
      ['error', { trace: [1, 2] }],
      ['timeout', ['odd', 'deadline exceeded']],
      ['error', 'ValueError'],
      ['error', true],
      ['error', 1],
      ...[null, undefined, '', ' ', 'None', '[]', [], {}, false, 0, [null, '']].map((none): [null, unknown] => [
        null,
        none,
      ]),
    ];
    expect(told.map(([, cell]) => errorFailure(cell))).toEqual(told.map(([word]) => word));
  });

  it('is never more than a word, of anything', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true }), (cell) => {
        const words = [errorFailure(cell), endFailure(cell)];
        expect(words.every((word) => !word || /^[a-z]{4,10}$/.test(word))).toBe(true);
      }),
    );
  });

  it('looks at no more than its beginning', () => {
    expect(failureWord(`${'x'.repeat(2_000_000)} timeout`)).toBe('error');
    expect(failureWord(`timeout ${'x'.repeat(2_000_000)}`)).toBe('timeout');
    expect(errorFailure(new Array(1_000_000).fill(''))).toBeNull();
  });
});

describe('why a rollout ended', () => {
  it('is a failure, its own end, or unknown', () => {
    const words = ['abort', 'Status.ABORTED', ['stop', 'timeout'], { type: 'error' }];
    expect(words.map(endFailure)).toEqual(['aborted', 'aborted', 'timeout', 'error']);
    expect(['stop', 'length', 'max_turns_reached', 'COMPLETED', ['abort', 'stop']].map(endFailure)).toEqual(
      new Array(5).fill(null),
    );
    // Of a task, that its answer was wrong.
    expect(['failed', 'game_over', 'pending', '', null, 7, []].map(endFailure)).toEqual(new Array(7).fill(undefined));
  });

  it('is what the last turn says, not one that the agent went on from', () => {
    const tool = { kind: 'tool' as const, error: 'TimeoutError' };
    const said = { kind: 'generate' as const };
    expect(turnsFailure([said, tool])).toBe('timeout');
    expect(turnsFailure([tool, said])).toBeUndefined();
    expect(turnsFailure([{ ...said, finishReason: 'abort' }])).toBe('aborted');
    expect(turnsFailure([])).toBeUndefined();
  });
});
