import { FieldType, toDataFrame } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import { FramePage } from '../data/frame/FramePage';
import { promptHistory } from './promptHistory';

function createPage(rows: Array<[run: string, step: number | null, reward: number | null]>): FramePage {
  const values = (at: number) => rows.map((row) => row[at]);
  const frame = toDataFrame({
    fields: [
      { name: 'run', type: FieldType.string, values: values(0) },
      { name: 'step', type: FieldType.number, values: values(1) },
      { name: 'reward', type: FieldType.number, values: values(2) },
    ],
  });
  return new FramePage(frame, 0, rows.length);
}

const columns = { run: 'run', step: 'step', reward: 'reward' };

describe('promptHistory', () => {
  it('joins the rollouts of a run and step, and tells the change from the step before', () => {
    const page = createPage([
      ['a', 10, 0],
      ['a', 10, 1],
      ['b', 5, 1],
      ['a', 5, 0],
      ['a', 20, 1],
    ]);
    expect(promptHistory(page, columns)).toEqual([
      { run: 'a', step: 5, n: 1, mean: 0, best: 3, worst: 3 },
      { run: 'a', step: 10, n: 2, mean: 0.5, change: 0.5, best: 1, worst: 0 },
      { run: 'a', step: 20, n: 1, mean: 1, change: 0.5, best: 4, worst: 4 },
      { run: 'b', step: 5, n: 1, mean: 1, best: 2, worst: 2 },
    ]);
  });

  it('passes over steps without a reward', () => {
    const page = createPage([
      ['a', 1, 0.25],
      ['a', 2, null],
      ['a', 3, 1],
    ]);
    expect(promptHistory(page, columns).map(({ mean, change }) => [mean, change])).toEqual([
      [0.25, undefined],
      [null, undefined],
      [1, 0.75],
    ]);
  });

  it('takes for the best and the worst what has a finite reward', () => {
    const page = createPage([
      ['a', 1, Number.POSITIVE_INFINITY],
      ['a', 1, Number.NaN],
      ['a', 1, 0],
      ['a', 1, 1],
      ['a', 1, Number.NEGATIVE_INFINITY],
    ]);
    expect(promptHistory(page, columns)).toEqual([{ run: 'a', step: 1, n: 5, mean: 0.5, best: 3, worst: 2 }]);
  });

  it('works without runs and steps', () => {
    const page = createPage([
      ['a', 1, 0],
      ['b', 2, 1],
    ]);
    expect(promptHistory(page, { run: undefined, step: undefined, reward: 'reward' })).toEqual([
      { run: '', step: null, n: 2, mean: 0.5, best: 1, worst: 0 },
    ]);
  });
});
