import { expect, it } from 'vitest';
import { atOnce } from '../Turn';
import { clientTable, completionsTable } from './completionsTable';
import { rewardHints } from './rewardFunctions';
import { rolloutTable } from './rolloutTable';

/** As TRL writes it: reward functions, then what they logged of their own, then the advantage. */
const columns = ['step', 'prompt', 'completion', 'length_fn', 'accuracy_reward', 'n_digits', 'score', 'advantage'];
const rows = [
  ['5', 'p', 'c', 0.25, 1, 10, 7, 0.1],
  ['5', 'p', 'd', null, 'NaN', 20, 8, -0.1],
];
const metrics = ['train/rewards/length_fn/mean', 'train/rewards/length_fn/std', 'eval/rewards/accuracy_reward/mean'];
const rolesOf = (table: ReturnType<typeof read>) =>
  table.columns.flatMap((column) => (typeof column === 'string' ? [] : [[column.name, column.role]]));
const totals = (table: ReturnType<typeof read>) => {
  const at = table.columns.findIndex((column) => typeof column !== 'string' && column.role === 'reward');
  return table.rows.map((row) => row[at]);
};
const read = (table: Parameters<typeof completionsTable>[0], hints = rewardHints([])) =>
  atOnce(completionsTable(table, hints));

it("sums the functions that the run's metrics name, and leaves other numbers alone", () => {
  const table = read({ columns, rows }, rewardHints(metrics));
  expect(rolesOf(table)).toEqual([
    ['prompt', 'prompt'],
    ['response', 'response'],
    ['length_fn', 'rewardPart'],
    ['accuracy_reward', 'rewardPart'],
    ['score', null],
    ['advantage', 'advantage'],
    ['reward_sum', 'reward'],
  ]);
  expect(totals(table)).toEqual([1.25, 0]);
});

it('goes by names where the run has said nothing, and sums no number that is not called a reward', () => {
  expect(rolesOf(read({ columns, rows }))).toContainEqual(['accuracy_reward', 'reward']);
  const two = read({
    columns: ['prompt', 'completion', 'a_reward', 'b_reward', 'n', 'advantages'],
    rows: [['p', 'c', 1, 0.5, 9, 0]],
  });
  expect(totals(two)).toEqual([1.5]);
  const none = { columns: ['prompt', 'completion', 'a', 'b', 'advantage'], rows: [['p', 'c', 1, 2, 0]] };
  expect(read(none)).toEqual(atOnce(rolloutTable(none)));
});

it('weighs by the config, as a list and as the text of one, and gives no total where the weights do not fit', () => {
  const weighted = (weights: unknown) =>
    totals(read({ columns, rows }, rewardHints(metrics, { reward_weights: weights })));
  expect(weighted([2, 0.5])).toEqual([1, 0]);
  expect(weighted('[2.0, 0.5]')).toEqual([1, 0]);
  expect(weighted([1, 2, 3])).toEqual([undefined, undefined]);
});

it("finds ms-swift's functions by the names of its config, and reads its `advantages`", () => {
  const swift = {
    columns: ['prompt', 'completion', 'MyAcc', 'MyLen', 'depth', 'advantages'],
    rows: [['p', 'c', true, -0.5, 9, 1]],
  };
  const table = read(swift, rewardHints([], { reward_funcs: ['my_acc', 'my_len'] }));
  expect(totals(table)).toEqual([0.5]);
  expect(rolesOf(table)).toContainEqual(['advantage', 'advantage']);
});

it('takes a single function for the reward', () => {
  expect(
    read({ columns: ['prompt', 'completion', 'my_fn', 'advantage'], rows: [['p', 'c', 1, 0]] }).columns[2],
  ).toEqual({
    name: 'my_fn',
    role: 'reward',
  });
  expect(rolesOf(read({ columns, rows }, rewardHints(['rewards/n_digits/mean'])))).toContainEqual([
    'n_digits',
    'reward',
  ]);
});

it('keeps the total that a table has, with its parts', () => {
  const table = { columns: ['prompt', 'response', 'fn', 'reward'], rows: [['p', 'r', 1, 3]] };
  const read_ = read(table, rewardHints(['rewards/fn/mean']));
  expect(rolesOf(read_)).toContainEqual(['fn', 'rewardPart']);
  expect(totals(read_)).toEqual([3]);
});

it.each([
  { columns: ['prompt', 'response', 'length', 'advantage'], rows: [['p', 'r', 1, 0]] },
  { columns: ['prompt', 'completion', 'reward', 'length', 'advantage'], rows: [['p', 'c', 1, 7, 0]] },
  { columns: ['prompt', 'completion', 'note', 'advantage'], rows: [['p', 'c', 'text', 0]] },
])('leaves other tables as they are', (table) => {
  expect(read(table)).toEqual(atOnce(rolloutTable(table)));
});

it('is no table of rollouts where texts are numbers', () => {
  const evolution = { columns: ['generation', 'input', 'best'], rows: [[1, 2, 0.5]] };
  const none = { name: 'generation', role: null };
  expect(atOnce(clientTable(evolution)).columns).toEqual([none, { name: 'input', role: null }, 'best']);
  const sum = { columns: ['input', 'output', 'score'], rows: [['2+2?', 4, 1]] };
  expect(atOnce(clientTable(sum))).toEqual(atOnce(completionsTable(sum)));
});

it('reads rewards that are lists, one a turn, and objects, one a function', () => {
  const table = read({
    columns: ['response', 'rewards', 'advantages'],
    rows: [
      ['a', [0, 0.5, 1], [0.25, 0.25]],
      ['b', { format: 1, judge: { score: 0.5, weight: 0.5 }, late: null }, [0, 1]],
      ['c', { total: 3, fmt: 1 }, 2],
      ['d', 1, null],
    ],
  });
  expect(table.columns).toEqual([
    { name: 'response', role: 'response' },
    { name: 'reward', role: 'reward' },
    { name: 'advantage', role: 'advantage' },
    ...['format', 'judge', 'late'].map((name) => ({ name: `rewards/${name}`, role: 'rewardPart' })),
    'logged.rewards',
    'logged.advantages',
  ]);
  expect(table.rows).toEqual([
    ['a', 1.5, 0.25, null, null, null, [0, 0.5, 1], [0.25, 0.25]],
    ['b', 1.25, 0.5, 1, 0.5, null, null, [0, 1]],
    ['c', 3, 2, null, null, null, { total: 3, fmt: 1 }, null],
    ['d', 1, null, null, null, null, null, null],
  ]);
});

it('reads rewards that are written as texts, beside numbers or alone', () => {
  const cells = ['0.5', 'nan', 'True', 'timeout', 1, null];
  const table = read({ columns: ['response', 'reward'], rows: cells.map((cell) => ['a', cell]) });
  expect(table.rows.map(([, reward]) => reward)).toEqual([0.5, 'NaN', 1, 'timeout', 1, null]);
  expect(table.columns).toHaveLength(2);
});
