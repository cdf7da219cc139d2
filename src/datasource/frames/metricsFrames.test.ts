import type { MetricsAnswer, Run, Series } from '@rolloscope/contract/types';
import { describe, expect, it } from 'vitest';
import type { MetricsQuery } from '../query';
import { metricsFrames } from './metricsFrames';
import { colorOf } from './seriesStyle';

const series = (partial: Partial<Series>): Series => ({
  run: 'a',
  metric: 'm',
  step: [1, 2],
  time: [10, 20],
  value: [0.1, 0.2],
  totalPoints: 2,
  ...partial,
});

const run = (id: string, partial: Partial<Run> = {}): [string, Run] => [
  id,
  {
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
  },
];

function framesOf(all: Series[], { runs = [run('a'), run('b')], query = {}, answer = {} } = {}) {
  const asked = {
    refId: 'A',
    version: 2,
    queryType: 'metrics',
    runs: { by: 'filter' },
    metrics: [],
    x: { by: 'step' },
  };
  const given: MetricsAnswer = { series: all, asOf: '1', ...answer };
  return metricsFrames(given, { query: { ...asked, ...query } as MetricsQuery, runs: new Map(runs) });
}
const namesOf = (...args: Parameters<typeof framesOf>) =>
  framesOf(...args).flatMap(({ fields }) => fields.slice(1).map(({ config }) => config.displayNameFromDS));

describe('names', () => {
  it('say only what tells the series apart', () => {
    expect(namesOf([series({})])).toEqual(['m']);
    expect(namesOf([series({}), series({ run: 'b' })])).toEqual(['a', 'b']);
    expect(namesOf([series({}), series({ metric: 'n' })])).toEqual(['m', 'n']);
    expect(namesOf([series({}), series({ run: 'b', metric: 'n' })])).toEqual(['m · a', 'n · b']);
  });

  it('add the id where runs share a name', () => {
    const runs = [run('a', { name: 'same' }), run('b', { name: 'same' })];
    expect(namesOf([series({}), series({ run: 'b' })], { runs })).toEqual(['same (a)', 'same (b)']);
  });
});

describe('values', () => {
  it('that JSON cannot write are numbers again', () => {
    const [frame] = framesOf([series({ step: [1, 2, 3], value: ['NaN', 'Infinity', '-Infinity'] })]);
    expect(frame?.fields[1]?.values).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it('without a step have no place on the step axis', () => {
    const [frame] = framesOf([series({ step: [2, null, -1], time: [1, 2, 3], value: [2, 5, -1] })]);
    expect(frame?.fields.map(({ values }) => values)).toEqual([
      [-1, 2],
      [-1, 2],
    ]);
  });

  it('of a group are a mean within a band', () => {
    const [frame] = framesOf([series({ group: 'g', spread: [0.1, 0] })], { query: { group: true } });
    expect(frame?.fields.map(({ values }) => values)).toEqual([
      [1, 2],
      [0.1, 0.2],
      [0.2, 0.2],
      [0, 0.2],
    ]);
  });
});

describe('lines', () => {
  it('have the color of their run, wherever it is drawn', () => {
    const [frame] = framesOf([series({}), series({ run: 'b' })]);
    expect(frame?.fields[2]?.config.color).toEqual({ mode: 'fixed', fixedColor: colorOf('b') });
  });

  it('have the unit that the name tells; an accuracy has none', () => {
    const units = ['timing_s/step', 'response_length/clip_ratio', 'eval/accuracy/mean'].map(
      (metric) => framesOf([series({ metric })])[0]?.fields[1]?.config.unit,
    );
    expect(units).toEqual(['s', 'percentunit', undefined]);
  });
});

describe('notices', () => {
  const noticesOf = (...args: Parameters<typeof framesOf>) =>
    framesOf(...args)[0]?.meta?.notices?.map(({ text }) => text) ?? [];

  it('say what was left out', () => {
    expect(noticesOf([series({})])).toEqual([]);
    expect(noticesOf([series({ totalPoints: 1_000_000 })])[0]).toMatch(/^2 of 1,000,000 points drawn/);
    expect(noticesOf([series({})], { answer: { truncated: true } })).toHaveLength(1);
  });

  it('name what is missing, but not a glob that finds nothing', () => {
    const missing = { runs: ['gone'], metrics: ['nope', 'x/*'] };
    expect(noticesOf([series({})], { answer: { missing } })).toEqual(['No such run: gone', 'Not logged: nope']);
  });
});
