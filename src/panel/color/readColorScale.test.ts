import {
  applyFieldOverrides,
  createTheme,
  FieldConfigOptionsRegistry,
  type FieldConfigSource,
  FieldType,
  toDataFrame,
} from '@grafana/data';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { describeColumns } from '../data/describeColumns';
import { DEFAULT_THRESHOLDS } from './defaultThresholds';
import { readColorScale } from './readColorScale';

const theme = createTheme({ colors: { mode: 'dark' } });

function scaleOf(defaults: FieldConfigSource['defaults'], overrides: FieldConfigSource['overrides'] = []) {
  const source = { defaults: { thresholds: DEFAULT_THRESHOLDS, ...defaults }, overrides };
  const [frame] = applyFieldOverrides({
    data: [
      toDataFrame({
        fields: [{ name: 'reward', type: FieldType.number, config: source.defaults, values: [1.1, -0.1] }],
      }),
    ],
    fieldConfig: source,
    fieldConfigRegistry: new FieldConfigOptionsRegistry(),
    replaceVariables: (text) => text,
    theme,
  });
  const [column] = frame ? describeColumns(frame) : [];
  if (!frame || !column) {
    throw new Error('no frame');
  }
  return readColorScale(column, frame, source, theme);
}

// Grafana's formatters ask the browser for its language; Node 20 has no such global.
beforeAll(() => {
  vi.stubGlobal('navigator', { language: 'en-US', languages: ['en-US'] });
});

describe('readColorScale', () => {
  it('is blue above 0 and orange below where nobody chose', () => {
    const scale = scaleOf({});
    expect(scale.colorOf(1.1)).toEqual({ color: '#5b9cf5', strength: 1 });
    expect(scale.colorOf(-0.1)?.color).toBe('#ff9830');
    expect(scale.colorOf(null)).toBeUndefined();
    expect(scale.marks).toEqual([-0.1, 0, 1.1]);
  });

  it('of a column of true and false has a colour for each', () => {
    const frame = toDataFrame({ fields: [{ name: 'correct', type: FieldType.boolean, values: [true, false] }] });
    const [column] = describeColumns(frame);
    const scale = column && readColorScale(column, frame, { defaults: {}, overrides: [] }, theme);
    expect([true, false, null].map((value) => scale?.colorOf(value)?.color)).toEqual(['#5b9cf5', '#ff9830', undefined]);
    expect(scale?.entries.map(({ label }) => label)).toEqual(['false', 'true']);
  });

  it('follows thresholds that someone set', () => {
    const steps = [
      { value: Number.NEGATIVE_INFINITY, color: 'red' },
      { value: 1, color: 'green' },
    ];
    const scale = scaleOf({ thresholds: { mode: DEFAULT_THRESHOLDS.mode, steps } });
    expect(scale.colorOf(0.9)?.color).toBe(theme.visualization.getColorByName('red'));
    expect(scale.entries.map(({ label }) => label)).toEqual(['< 1', '≥ 1']);
  });

  it('follows a colour scheme, over the range of the column', () => {
    const scale = scaleOf({ color: { mode: 'continuous-BlYlRd' }, min: -1, max: 1 });
    expect(scale.colorOf(-1)).not.toEqual(scale.colorOf(1));
    expect(scale.marks).toEqual([-1, 1]);
  });

  it('takes a palette for whole series as no choice', () => {
    expect(scaleOf({ color: { mode: 'palette-classic' } }).colorOf(1)?.color).toBe('#5b9cf5');
  });

  it('sees an override for the column', () => {
    const override = (name: string) => [
      { matcher: { id: 'byName', options: name }, properties: [{ id: 'color', value: { mode: 'thresholds' } }] },
    ];
    expect(scaleOf({}, override('reward')).entries).toHaveLength(2);
    expect(scaleOf({}, override('other')).entries).toHaveLength(0);
  });

  it('reaches to the bounds that the field sets', () => {
    expect(scaleOf({ min: -2, max: 2 }).colorOf(2)?.strength).toBe(1);
    expect(scaleOf({ min: -2, max: 2 }).colorOf(1)?.strength).toBeCloseTo(0.65);
  });
});
