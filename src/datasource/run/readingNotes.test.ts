import type { RowsAnswer } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import type { QueryContext } from './QueryContext';
import { readingNotes } from './readingNotes';

const answer = (runs: unknown[], asOf = '1') =>
  ({
    asOf,
    columns: [
      { name: 'run', type: 'string', origin: 'row' },
      { name: 'x', type: 'number', origin: 'logged' },
    ],
    rows: runs.map((run) => [run, 1]),
  }) as unknown as RowsAnswer;

const contextOf = (ask: (route: string, question: object) => Promise<unknown>) =>
  ({ client: { ask } }) as unknown as QueryContext;

it('tells what was left out of the runs, or guessed, and how much there is', async () => {
  const asked: unknown[] = [];
  const context = contextOf((route, question) => {
    asked.push([route, question]);
    return Promise.resolve({ events: [{ title: 'metrics.csv:3: not read' }, { title: 'b' }, { title: 'c' }] });
  });
  expect(await readingNotes(answer(['a/b', 'a/b', 'c']), context)).toBe(
    "metrics.csv:3: not read (and 2 more, see the run's events)",
  );
  expect(asked).toEqual([['events', { query: { run: 'a%2Fb,c', types: 'left_out,note' } }]]);
});

it('keeps nobody from the rows: where there is nothing, and where the store does not tell', async () => {
  expect(
    await readingNotes(
      answer(['r']),
      contextOf(() => Promise.resolve({ events: [] })),
    ),
  ).toBeUndefined();
  expect(
    await readingNotes(
      answer(['r']),
      contextOf(() => Promise.reject(new Error('away'))),
    ),
  ).toBeUndefined();
  expect(
    await readingNotes(
      answer([]),
      contextOf(() => Promise.reject(new Error('not asked'))),
    ),
  ).toBeUndefined();
});

it('asks once about the same runs as of the same moment, and again where the store did not tell', async () => {
  let asked = 0;
  let isAway = false;
  const context = contextOf(() => {
    asked++;
    return isAway ? Promise.reject(new Error('away')) : Promise.resolve({ events: [{ title: `note ${asked}` }] });
  });
  const all = () => Promise.all([readingNotes(answer(['r']), context), readingNotes(answer(['r', 'r']), context)]);
  expect([await all(), await all(), asked]).toEqual([['note 1', 'note 1'], ['note 1', 'note 1'], 1]);
  expect(await readingNotes(answer(['r'], '2'), context)).toBe('note 2');
  isAway = true;
  expect(await readingNotes(answer(['r'], '3'), context)).toBeUndefined();
  isAway = false;
  expect(await readingNotes(answer(['r'], '3'), context)).toBe('note 4');
});
