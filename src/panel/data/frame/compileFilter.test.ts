import type { Condition } from '@rolloscope/contract/types';
import { describe, expect, it } from 'vitest';
import { compileFilter } from './compileFilter';

const row = new Map<string, unknown>([
  ['reward', 0.5],
  ['response', 'The Answer is 42'],
  ['correct', true],
  ['advantage', null],
  ['messages', [{ role: 'user' }]],
]);
const COLUMNS = [
  { name: 'reward', type: 'number' },
  { name: 'response', type: 'string' },
  { name: 'correct', type: 'boolean' },
  { name: 'advantage', type: 'number' },
  { name: 'messages', type: 'json' },
] as const;
const holds = async (column: string, op: Condition['op'], value?: Condition['value']) =>
  (await compileFilter([{ column, op, ...(value !== undefined && { value }) }], COLUMNS))((name) => row.get(name));

describe('compileFilter', () => {
  it('compares numbers, and texts by their characters', async () => {
    expect([
      await holds('reward', 'ge', 0.5),
      await holds('reward', 'gt', 0.5),
      await holds('reward', 'lt', 1),
    ]).toEqual([true, false, true]);
    expect([await holds('response', 'lt', 'U'), await holds('response', 'le', 'A')]).toEqual([true, false]);
  });

  it('finds texts: any case with contains, a pattern with matches', async () => {
    expect([await holds('response', 'contains', 'ANSWER'), await holds('response', 'matches', 'is \\d+$')]).toEqual([
      true,
      true,
    ]);
    expect([await holds('response', 'matches', '^answer'), await holds('reward', 'contains', '5')]).toEqual([
      false,
      false,
    ]);
  });

  it('fails a null for everything but isNull and ne', async () => {
    expect(await holds('advantage', 'isNull')).toBe(true);
    expect(await holds('advantage', 'isNull', false)).toBe(false);
    expect(await holds('advantage', 'ne', 1)).toBe(true);
    expect([
      await holds('advantage', 'eq', 1),
      await holds('advantage', 'lt', 1),
      await holds('no such', 'in', [1]),
    ]).toEqual([false, false, false]);
  });

  it('says what is wrong with a value, in the words of the store', async () => {
    await expect(holds('reward', 'eq', 'high')).rejects.toThrow(
      'filter on "reward", eq: the value must be a number, not "high".',
    );
    await expect(holds('response', 'contains', 5)).rejects.toThrow('the value must be a text, not 5.');
    await expect(holds('reward', 'in', 1)).rejects.toThrow('the value must be a list, not 1.');
  });

  it('needs every part, and one of an anyOf', async () => {
    const right: Condition = { column: 'correct', op: 'eq', value: true };
    const high: Condition = { column: 'reward', op: 'gt', value: 0.9 };
    const read = (name: string) => row.get(name);
    expect((await compileFilter([right, high], COLUMNS))(read)).toBe(false);
    expect((await compileFilter([{ anyOf: [right, high] }], COLUMNS))(read)).toBe(true);
    expect((await compileFilter([], COLUMNS))(read)).toBe(true);
  });
});
