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

describe('hidden columns', () => {
  const columns = columnsOf('step', 'reward', 'prompt', 'uid').map((column) =>
    column.name === 'reward' ? { ...column, field: { ...column.field, config: { custom: { hidden: true } } } } : column,
  );
  it('are neither saved nor default ones, until a viewer wants them', () => {
    expect(names(shownColumns(columns, undefined, undefined))).toEqual(['step', 'prompt']);
    expect(names(shownColumns(columns, ['uid', 'reward'], undefined))).toEqual(['uid']);
    expect(names(shownColumns(columns, undefined, ['reward', 'uid']))).toEqual(['reward', 'uid']);
  });

  it('show where nothing else would', () => {
    expect(names(shownColumns(columns.slice(1, 2), undefined, undefined))).toEqual(['reward']);
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

  it('has room for the longest number as it shows, up to a bound', () => {
    const [step = 0, reward = 0] = columnWidths(columns, 1400, {}, [], { step: 3, reward: 16 });
    expect(reward).toBeGreaterThanOrEqual(16 * 7);
    expect(step).toBeLessThan(reward);
    expect(columnWidths(columns, 1400, {}, [], { reward: 900 })[1]).toBeLessThan(300);
  });

  it('gives words what they need, and long texts the rest', () => {
    const runs = columnsOf('name', 'state', 'differs in');
    const [name = 0, state = 0, differs = 0] = columnWidths(runs, 1000, {}, [], {
      name: 40,
      state: 8,
      'differs in': 120,
    });
    expect(state).toBeLessThan(100);
    expect(differs).toBeGreaterThan(name * 1.5);
    const narrow = columnWidths(runs, 300, {}, [], { name: 40, state: 0, 'differs in': 120 });
    expect(narrow[0]).toBeGreaterThan(150);
    expect(narrow[1]).toBeLessThan(70);
  });

  it('is as wide as an override says, until a viewer resizes it', () => {
    const given = columns.map((column) => ({
      ...column,
      field: { ...column.field, config: { custom: { width: 333 } } },
    }));
    expect(columnWidths(given.slice(0, 3), 1400).slice(0, 2)).toEqual([333, 333]);
    expect(columnWidths(given, 1400, { step: 90 })[0]).toBe(90);
    // The last one, too: another one takes what is left.
    const stepAndGiven = [columns[0], given[1]].filter((one) => one !== undefined);
    expect(columnWidths(stepAndGiven, 1400)).toEqual([1067, 333]);
  });

  it('fills the width without texts, too', () => {
    expect(columnWidths(columnsOf('step', 'reward'), 900).reduce((a, b) => a + b)).toBe(900);
  });
});
