import type { RowsAnswer } from '@rolloscope/contract/types';
import { describe, expect, it } from 'vitest';
import { rowsFrame } from './rowsFrame';

const column = (name: string, type: 'number' | 'string') => ({ name, type, origin: 'logged' as const });
const REQUEST = { runs: ['r'], table: 'rollout_examples', version: 'latest' as const };

function createAnswer(partial: Partial<RowsAnswer>): RowsAnswer {
  return {
    columns: [column('reward', 'number')],
    rows: [[1.1]],
    rowIds: ['a'],
    cut: [],
    total: 1,
    asOf: '1',
    ...partial,
  };
}

const notices = (answer: RowsAnswer) => rowsFrame(answer, REQUEST, 'uid', 'A').meta?.notices?.map(({ text }) => text);

describe('notices of a frame of rows', () => {
  it('tell a table that is a sample', () => {
    const columns = [column('reward', 'number'), column('sampledFrom', 'number'), column('sampledBy', 'string')];
    const rows = [[1.1, 1_024, 'best and worst only']];
    expect(notices(createAnswer({ columns, rows }))).toEqual([
      'The table is a sample of 1,024 rollouts a step: best and worst only.',
    ]);
  });

  it('tell rows that are not in the frame, and runs that are not there', () => {
    expect(notices(createAnswer({ total: 5_000, missing: { runs: ['gone'] } }))).toEqual([
      'No such run: gone',
      '1 of 5,000 rows are in the frame; the Rollouts panel pages through all of them.',
    ]);
    expect(notices(createAnswer({}))).toEqual([]);
  });
});
