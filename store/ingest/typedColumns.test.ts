import type { Role } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import type { TableColumn } from '../engine/TableColumn';
import { atOnce } from '../Turn';
import { typedColumns } from './typedColumns';

const logged = (name: string, type: TableColumn['type'], role?: Role): TableColumn => ({
  name,
  type,
  origin: 'logged',
  ...(role && { role }),
});
const typed = (name: string, cells: unknown[], known: TableColumn[] = []) => {
  const names = new Map(known.map((one) => [one.name, one]));
  const table = atOnce(typedColumns({ columns: [{ name }], cells: [cells] }, names));
  return table.columns.map((column, i) => ({ ...column, cells: table.cells[i] }));
};

it('takes booleans among numbers for numbers, also those that come later', () => {
  expect(typed('acc', [true, 0.5, false])).toEqual([{ ...logged('acc', 'number', 'correct'), cells: [1, 0.5, 0] }]);
  expect(typed('x', [true, false], [logged('x', 'number')])).toEqual([{ ...logged('x', 'number'), cells: [1, 0] }]);
  expect(typed('x', [true, false])).toEqual([{ ...logged('x', 'boolean'), cells: [true, false] }]);
});

it('takes what says that a number is not finite for that, however it is written', () => {
  expect(typed('x', [1, 'nan', '-inf', 'Infinity', null])).toEqual([
    { ...logged('x', 'number'), cells: [1, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, null] },
  ]);
  expect(typed('x', ['nan', 'b'])[0]?.type).toBe('string');
});

it('keeps what is no number of a reward apart, and the rewards stay numbers', () => {
  const reward = { ...logged('reward', 'number', 'reward'), cells: [1, null, 0, null] };
  const texts = { ...logged('reward', 'string'), cells: [null, 'timeout', null, null] };
  expect(typed('reward', [1, 'timeout', 0, { error: 7 }])).toEqual([
    reward,
    texts,
    { ...logged('reward', 'json'), cells: [null, null, null, { error: 7 }] },
  ]);
  expect(typed('reward', ['timeout'], [logged('reward', 'number', 'reward')]).map(({ type }) => type)).toEqual([
    'number',
    'string',
  ]);
  expect(typed('acc', [true, 0, 'False'])).toEqual([
    { ...logged('acc', 'number', 'correct'), cells: [1, 0, null] },
    { ...logged('acc', 'string'), cells: [null, null, 'False'] },
  ]);
  expect(typed('correct', [true, 'timeout'])).toEqual([
    { ...logged('correct', 'boolean', 'correct'), cells: [true, null] },
    { ...logged('correct', 'string'), cells: [null, 'timeout'] },
  ]);
});

it('keeps numbers among other things apart in columns without a role, each as it was', () => {
  expect(typed('x', [1, 'nan', true, [2]])).toEqual([
    { ...logged('x', 'number'), cells: [1, null, null, null] },
    { ...logged('x', 'boolean'), cells: [null, null, true, null] },
    { ...logged('x', 'string'), cells: [null, 'nan', null, null] },
    { ...logged('x', 'json'), cells: [null, null, null, [2]] },
  ]);
});

it('leaves a column of answers what it is, though some are numbers', () => {
  expect(typed('answer', [42, 'Paris'])).toEqual([
    { ...logged('answer', 'json', 'groundTruth'), cells: [42, 'Paris'] },
  ]);
  expect(typed('reward', ['a', 'b']).map(({ type, role }) => [type, role])).toEqual([['string', undefined]]);
});

it('keeps integers beyond 2^53 to the digit, and takes those that a number holds for one among measures', () => {
  const large = '9007199254740993';
  expect(typed('uid', [large, null])).toEqual([{ ...logged('uid', 'string', 'groupId'), cells: [large, null] }]);
  expect(typed('seed', [7, large])).toEqual([
    { ...logged('seed', 'number'), cells: [7, null] },
    { ...logged('seed', 'string'), cells: [null, large] },
  ]);
  expect(typed('tokens_seen', [0.5, '1000000000000000000'])).toEqual([
    { ...logged('tokens_seen', 'number'), cells: [0.5, 1e18] },
  ]);
  expect(typed('tokens_seen', [0.5, large])).toEqual([
    { ...logged('tokens_seen', 'number'), cells: [0.5, null] },
    { ...logged('tokens_seen', 'string'), cells: [null, large] },
  ]);
  expect(typed('reward', [1, large])).toEqual([
    { ...logged('reward', 'number', 'reward'), cells: [1, null] },
    { ...logged('reward', 'string'), cells: [null, large] },
  ]);
});
