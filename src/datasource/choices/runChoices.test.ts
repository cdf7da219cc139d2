import type { Run } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { runChoices } from './runChoices';

const run = (name: string, more: Partial<Run> = {}): Run =>
  ({
    id: name,
    project: 'p',
    name,
    state: 'running',
    tags: [],
    createdAt: 1,
    updatedAt: 1,
    archived: false,
    attempts: [],
    ...more,
  }) as Run;
const options = (runs: Run[]) => runChoices(runs).map(({ value, label }) => [value, label]);

it('are runs by their names, and by their ids where names are shared', () => {
  expect(options([run('a'), run('b'), run('c', { name: 'a' })])).toEqual([
    ['a', 'a (a)'],
    ['b', 'b'],
    ['c', 'a (c)'],
  ]);
});

it('are jobs before their parts', () => {
  const group = { group: 'g' };
  expect(
    options([
      run('x_trainer', group),
      run('y', group),
      run('x_explorer', group),
      run('z_trainer', { project: 'q', ...group }),
    ]),
  ).toEqual([
    ['p/g', 'g (explorer + trainer)'],
    ['x_trainer', 'x_trainer'],
    ['y', 'y'],
    ['x_explorer', 'x_explorer'],
    ['q/g', 'g (trainer)'],
    ['z_trainer', 'z_trainer'],
  ]);
});

it('are no jobs whose name a run has', () => {
  const parts = [run('x_trainer', { group: 'g' }), run('p/g')];
  expect(options(parts).map(([value]) => value)).toEqual(['x_trainer', 'p/g']);
});
