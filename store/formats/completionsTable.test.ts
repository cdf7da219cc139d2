import { expect, it } from 'vitest';
import { atOnce } from '../Turn';
import { completionsTable } from './completionsTable';
import { rolloutTable } from './rolloutTable';

const columns = ['step', 'prompt', 'completion', 'length_fn', 'accuracy_reward', 'advantage'];

it("gives TRL's completions the total of its reward functions", () => {
  const rows = [
    ['5', 'p', 'c', 0.25, 1, 0.1],
    ['5', 'p', 'd', null, 'NaN', -0.1],
  ];
  const table = atOnce(completionsTable({ columns, rows }));
  expect(table.columns).toEqual([
    'step',
    { name: 'prompt', role: 'prompt' },
    { name: 'response', role: 'response' },
    { name: 'length_fn', role: 'rewardPart' },
    { name: 'accuracy_reward', role: 'rewardPart' },
    { name: 'advantage', role: 'advantage' },
    { name: 'reward_sum', role: 'reward' },
  ]);
  expect(table.rows.map((row) => row.at(-1))).toEqual([1.25, 0]);
});

it('takes a single function for the reward', () => {
  const wide = { columns: ['prompt', 'completion', 'my_fn', 'advantage'], rows: [['p', 'c', 1, 0]] };
  const table = atOnce(completionsTable(wide));
  expect(table.columns[2]).toEqual({ name: 'my_fn', role: 'reward' });
});

it.each([
  { columns: ['prompt', 'response', 'length', 'advantage'], rows: [['p', 'r', 1, 0]] },
  { columns: ['prompt', 'completion', 'reward', 'length', 'advantage'], rows: [['p', 'c', 1, 7, 0]] },
  { columns: ['prompt', 'completion', 'note', 'advantage'], rows: [['p', 'c', 'text', 0]] },
])('leaves other tables as they are', (table) => {
  expect(atOnce(completionsTable(table))).toEqual(atOnce(rolloutTable(table)));
});
