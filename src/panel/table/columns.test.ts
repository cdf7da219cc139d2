import { FieldType, toDataFrame } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import { describeColumns } from '../data/describeColumns';
import { defaultColumns, moveColumn, shownColumns, toggleColumn } from './columns';
import { columnWidths } from './columnWidths';

const columnsOf = (...names: string[]) =>
  describeColumns(
    toDataFrame({
      fields: names.map((name) => ({
        name,
        type: /reward|step/.test(name) ? FieldType.number : FieldType.string,
        values: [],
      })),
    }),
  );
const names = (list: { name: string }[]) => list.map(({ name }) => name);

describe('defaultColumns', () => {
  it('is step, reward, prompt, response, wherever they stand and whatever they are called', () => {
    expect(defaultColumns(columnsOf('run', 'output', 'score', 'input', 'global_step', 'uid'))).toEqual([
      'global_step',
      'score',
      'input',
      'output',
    ]);
  });

  it('shows the chat where there is neither prompt nor response', () => {
    expect(defaultColumns(columnsOf('messages', 'reward'))).toEqual(['reward', 'messages']);
    expect(defaultColumns(columnsOf('messages', 'response', 'reward'))).toEqual(['reward', 'response']);
  });
});

describe('shownColumns', () => {
  const columns = columnsOf('step', 'reward', 'prompt', 'response', 'uid');
  it('prefers what the viewer chose, then what is saved, then the default', () => {
    expect(names(shownColumns(columns, ['uid', 'reward'], ['prompt']))).toEqual(['prompt']);
    expect(names(shownColumns(columns, ['uid', 'reward'], undefined))).toEqual(['uid', 'reward']);
    expect(names(shownColumns(columns, [], undefined))).toEqual(['step', 'reward', 'prompt', 'response']);
  });

  it('skips columns that do not exist here', () => {
    expect(names(shownColumns(columns, ['gone', 'reward'], ['gone too']))).toEqual(['reward']);
    expect(names(shownColumns(columns, ['gone'], undefined))).toHaveLength(4);
  });
});

describe('moving and hiding', () => {
  it('moves within the ends', () => {
    expect(moveColumn(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
    expect(moveColumn(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b']);
    expect(moveColumn(['a', 'b'], 'a', -1)).toEqual(['a', 'b']);
    expect(moveColumn(['a', 'b'], 'x', 1)).toEqual(['a', 'b']);
  });

  it('never hides the last column', () => {
    expect(toggleColumn(['a', 'b'], 'a')).toEqual(['b']);
    expect(toggleColumn(['b'], 'b')).toEqual(['b']);
    expect(toggleColumn(['b'], 'a')).toEqual(['b', 'a']);
  });
});

describe('columnWidths', () => {
  const columns = columnsOf('step', 'reward', 'prompt', 'response');
  it.each([264, 500, 1400])('fills %d pixels', (width) => {
    const widths = columnWidths(columns, width);
    expect(widths.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(width);
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(50);
  });

  it('fills the width without texts, too', () => {
    expect(columnWidths(columnsOf('step', 'reward'), 900).reduce((a, b) => a + b)).toBe(900);
  });
});
