import type { Run } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { compareFrame } from './compareFrame';
import { colorOf } from './seriesStyle';

const run = (id: string, partial: Partial<Run>): Run => ({
  id,
  project: 'p',
  name: id,
  state: 'running',
  tags: [],
  createdAt: 0,
  updatedAt: 0,
  attempts: [],
  archived: false,
  ...partial,
});

const columnsOf = (runs: Run[], all = false) =>
  Object.fromEntries(
    compareFrame(runs, all, 'A').fields.map(({ name, config, values }) => [config.displayNameFromDS ?? name, values]),
  );
const runs = [
  run('a', { name: 'same', config: { lr: 1e-6, actor: { kl: 0.1, clip: 0.2 } }, tags: ['x'] }),
  run('b', { name: 'same', config: { lr: 1e-5, actor: { kl: 0.1 } } }),
];

it('is a line for each key in which runs differ, and a column for each run', () => {
  expect(columnsOf(runs)).toEqual({
    Config: ['actor.clip', 'lr', 'tags'],
    'same (a)': ['0.2', '0.000001', 'x'],
    'same (b)': [null, '0.00001', null],
  });
  expect(compareFrame(runs, false, 'A').fields[1]?.config.color?.fixedColor).toBe(colorOf('a'));
});

it('shows where they agree when asked, and says so when there is nothing else', () => {
  expect(columnsOf(runs, true)).toMatchObject({
    Config: ['actor.clip', 'actor.kl', 'lr', 'tags'],
    Differs: [true, false, true, true],
  });
  const noticeOf = (some: Run[]) => compareFrame(some, false, 'A').meta?.notices?.[0]?.text;
  expect(noticeOf([run('a', {}), run('b', {})])).toBe('These runs have the same config.');
  expect(noticeOf([run('a', {})])).toMatch(/choose several/);
  expect(noticeOf([])).toBeUndefined();
  expect(noticeOf(Array.from({ length: 51 }, (_, i) => run(`${i}`, { config: { i } })))).toBe(
    'The first 50 of 51 runs are compared.',
  );
});
