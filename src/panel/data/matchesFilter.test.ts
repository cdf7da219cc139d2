import type { Condition } from '@rolloscope/contract/types';
import { describe, expect, it } from 'vitest';
import { matchesFilter } from './matchesFilter';

const row = new Map<string, unknown>([
  ['reward', 0.5],
  ['response', 'The Answer is 42'],
  ['correct', true],
  ['advantage', null],
  ['messages', [{ role: 'user' }]],
]);
const holds = (column: string, op: Condition['op'], value?: Condition['value']) =>
  matchesFilter([{ column, op, ...(value !== undefined && { value }) }], (name) => row.get(name));

describe('matchesFilter', () => {
  it('compares numbers, and texts by their characters', () => {
    expect([holds('reward', 'ge', 0.5), holds('reward', 'gt', 0.5), holds('reward', 'lt', 1)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([holds('response', 'lt', 'U'), holds('response', 'le', 5)]).toEqual([true, false]);
  });

  it('finds texts: any case with contains, a pattern with matches', () => {
    expect([holds('response', 'contains', 'ANSWER'), holds('response', 'matches', 'is \\d+$')]).toEqual([true, true]);
    expect([holds('response', 'matches', '^answer'), holds('reward', 'contains', '5')]).toEqual([false, false]);
  });

  it('fails a null for everything but isNull and ne', () => {
    expect(holds('advantage', 'isNull')).toBe(true);
    expect(holds('advantage', 'isNull', false)).toBe(false);
    expect(holds('advantage', 'ne', 1)).toBe(true);
    expect([holds('advantage', 'eq', 1), holds('advantage', 'lt', 1), holds('no such', 'in', [1])]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('needs every part, and one of an anyOf', () => {
    const right: Condition = { column: 'correct', op: 'eq', value: true };
    const high: Condition = { column: 'reward', op: 'gt', value: 0.9 };
    const read = (name: string) => row.get(name);
    expect(matchesFilter([right, high], read)).toBe(false);
    expect(matchesFilter([{ anyOf: [right, high] }], read)).toBe(true);
    expect(matchesFilter([], read)).toBe(true);
  });
});
