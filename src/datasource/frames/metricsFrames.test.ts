import { createTheme, type Field, getDisplayProcessor } from '@grafana/data';
import type { MetricsAnswer, Run, Series } from '@rolloscope/contract/types';
import { describe, expect, it, vi } from 'vitest';
import type { MetricsQuery } from '../query';
import { metricsFrames } from './metricsFrames';
import { colorOf } from './seriesStyle';

// Grafana's formats ask the browser for its language.
vi.stubGlobal('navigator', { language: 'en', languages: ['en'] });

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

function framesOf(all: Series[], { runs = [run('a'), run('b')], query = {}, answer = {}, context = {} } = {}) {
  const asked = {
    refId: 'A',
    version: 2,
    queryType: 'metrics',
    runs: { by: 'filter' },
    metrics: [],
    x: { by: 'step' },
  };
  const given: MetricsAnswer = { series: all, asOf: '1', ...answer };
  return metricsFrames(given, { query: { ...asked, ...query } as MetricsQuery, runs: new Map(runs), ...context });
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

  it('of long names that begin alike show where they differ, but for a template', () => {
    const long = (end: string) => `qwen2.5-7b-grpo-lr1e-6-bs512-kl0.001-seed1-node17-${end}`;
    const runs = [run('a', { name: long('first-attempt') }), run('b', { name: long('second-attempt') })];
    const both = [series({}), series({ run: 'b' })];
    expect(namesOf(both, { runs })).toEqual(['qwen2.5-7b-g…first-attempt', 'qwen2.5-7b-g…second-attempt']);
    expect(namesOf(both, { runs, query: { legend: '{{run}}' } })).toEqual([
      long('first-attempt'),
      long('second-attempt'),
    ]);
  });

  it('add the id where runs share a name', () => {
    const runs = [run('a', { name: 'same' }), run('b', { name: 'same' })];
    expect(namesOf([series({}), series({ run: 'b' })], { runs })).toEqual(['same (a)', 'same (b)']);
  });
});

describe('values', () => {
  it('that are not finite break the line, which nothing spans, and are marked where it was', () => {
    const broken = series({ step: [1, 2, 3, 5], value: [0.5, 'NaN', 'Infinity', 0.7] });
    const [frame] = framesOf([broken, series({ run: 'b', step: [1, 4], value: [1, 2] })]);
    expect(frame?.fields.map(({ values }) => values)).toEqual([
      [1, 2, 3, 4, 5],
      [0.5, null, null, undefined, 0.7],
      [1, null, null, 2, null],
      [null, 0.5, 0.5, null, null],
    ]);
    const [, line, other, marks] = frame?.fields ?? [];
    expect([line?.config.custom.spanNulls, other?.config.custom.spanNulls]).toEqual([false, true]);
    expect(marks?.config.displayNameFromDS).toBe('a not finite');
    const display = getDisplayProcessor({ field: marks as Field, theme: createTheme() });
    expect(display(0.5).text).toBe('not finite');
  });

  it('at steps close together are not labelled between the steps', () => {
    const [frame] = framesOf([series({ step: [0, 1, 2, 7], value: [1, 2, 3, 4] })]);
    const display = getDisplayProcessor({ field: frame?.fields[0] as Field, theme: createTheme() });
    expect([0, 1, 7].map((at) => display(at).text)).toEqual(['0', '1', '7']);
    expect([-0.5, 0.5, 2.5, 6.9999999999, 7.5].map((at) => display(at).text.trim())).toEqual(['', '', '', '7', '']);
    const long = framesOf([series({ step: [0, 1e6], value: [1, 2] })])[0];
    expect(long?.fields[0]?.config.mappings).toBeUndefined();
    // The same list, so that a chart which follows its run is not made anew.
    const [longer] = framesOf([series({ step: [0, 1, 2, 7, 8], value: [1, 2, 3, 4, 5] })]);
    expect(longer?.fields[0]?.config.mappings).toBe(frame?.fields[0]?.config.mappings);
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

  it('of runs that were created one after the other never have one color', () => {
    const runs = Array.from({ length: 20 }, (_, i) => run(`${i}`, { number: i + 7 }));
    const fields =
      framesOf(
        runs.map(([id]) => series({ run: id })),
        { runs },
      )[0]?.fields.slice(1) ?? [];
    expect(new Set(fields.map(({ config }) => config.color?.fixedColor)).size).toBe(20);
  });

  it('of the metrics of one run never have one color', () => {
    const all = Array.from({ length: 15 }, (_, i) => series({ metric: `m${i}` }));
    const fields = framesOf(all)[0]?.fields.slice(1) ?? [];
    expect(new Set(fields.map(({ config }) => config.color?.fixedColor)).size).toBe(15);
  });

  it('have the unit that the name tells; a share that was logged in percent is one', () => {
    const units = ['timing_s/step', 'eval/accuracy/mean', 'loss'].map(
      (metric) => framesOf([series({ metric })])[0]?.fields[1]?.config.unit,
    );
    expect(units).toEqual(['s', 'percentunit', undefined]);
    const [percent] = framesOf([series({ metric: 'eval/accuracy/mean', value: [50.5, 'Infinity'] })]);
    expect(percent?.fields[1]?.config.unit).toBe('percent');
  });

  it('carry where they come from', () => {
    const runs = [run('a', { group: 'g' })];
    expect(framesOf([series({ attempt: 2 })], { runs })[0]?.fields[1]?.labels).toEqual({
      run: 'a',
      metric: 'm',
      project: 'p',
      group: 'g',
      attempt: '2',
    });
    const part = [run('a', { group: 'g', name: 'x_trainer' })];
    expect(framesOf([series({})], { runs: part })[0]?.fields[1]?.labels).toMatchObject({ run: 'a', job: 'p/g' });
  });
});

const fieldsOf = (...args: Parameters<typeof framesOf>) =>
  framesOf(...args).map(({ fields }) =>
    Object.fromEntries(fields.map(({ name, config, values }) => [config.displayNameFromDS ?? name, values])),
  );

describe('smoothing', () => {
  const values = { step: [1, 2, 3], time: [10, 20, 30], value: [0, 1, 'NaN' as const] };

  it('is a line over the raw one, which stays faint and out of the legend', () => {
    const asked = { context: { smoothing: 0.5 } };
    expect(fieldsOf([series(values)], asked)).toEqual([
      { Step: [1, 2, 3], m: [0, expect.closeTo(2 / 3), null], 'm raw': [0, 1, null], 'm not finite': [null, null, 1] },
    ]);
    const raw = framesOf([series(values)], asked)[0]?.fields[2]?.config;
    expect(raw?.color?.fixedColor).toBe(`${colorOf('a')}40`);
    expect(raw?.custom.hideFrom.legend).toBe(true);
  });

  it('is of the means where the points are those that stand out', () => {
    const means = { asOf: '1', series: [series({ step: [4], time: [40], value: [0.5] })] };
    expect(fieldsOf([series(values)], { context: { smoothing: 0.5, means } })).toEqual([
      {
        Step: [1, 2, 3, 4],
        m: [undefined, undefined, undefined, 0.5],
        'm raw': [0, 1, null, undefined],
        'm not finite': [null, null, 1, null],
      },
    ]);
  });
});

describe('the marked step', () => {
  it('is a point on each line, in a row of its own where no point was', () => {
    const all = [series({}), series({ run: 'b', step: [1, 5], value: [1, 3] }), series({ run: 'c', step: [1] })];
    const marked = fieldsOf(all, { query: { mark: '3' }, runs: [run('a'), run('b'), run('c')] });
    expect(marked).toEqual([
      {
        Step: [1, 2, 3, 5],
        a: [0.1, 0.2, null, null],
        b: [1, null, null, 3],
        'b at the marked step': [null, null, 2, null],
        c: [0.1, null, null, null],
      },
    ]);
  });

  it('is marked by time in a frame of its own, with its step for the link', () => {
    const [, mark] = fieldsOf([series({})], { query: { mark: '2', x: { by: 'time' } } });
    expect(mark).toEqual({ Time: [20], 'm at the marked step': [0.2], Step: ['2'] });
  });

  it('is none where the variable holds none', () => {
    expect(fieldsOf([series({})], { query: { mark: '$step' } })[0]).toEqual({ Step: [1, 2], m: [0.1, 0.2] });
  });
});

describe('time since start', () => {
  it('is seconds of one axis, with the step of each row beside it', () => {
    const runs = [run('a', { createdAt: 8_000 }), run('b', { createdAt: 99_000 })];
    const all = [series({ time: [10_000, 12_000] }), series({ run: 'b', step: [7, 8], time: [20_000, 21_500] })];
    expect(fieldsOf(all, { query: { x: { by: 'elapsed' } }, runs })).toEqual([
      {
        'Time since start': [0, 1.5, 2, 4],
        a: [null, null, 0.1, 0.2],
        b: [0.1, 0.2, null, null],
        Step: ['7', '8', '1', '2'],
      },
    ]);
    const [frame] = framesOf(all, { query: { x: { by: 'elapsed' } }, runs });
    expect([frame?.fields[0]?.config.unit, frame?.fields[3]?.config.custom.hideFrom.viz]).toEqual(['s', true]);
  });
});

describe('attempts', () => {
  it('are lines of one colour, what was overtaken dotted', () => {
    const all = [series({ attempt: 1 }), series({ attempt: 2 })];
    expect(namesOf(all)).toEqual(['m · attempt 1', 'm · attempt 2']);
    const [first, second] = framesOf(all)[0]?.fields.slice(1) ?? [];
    expect(first?.config.color).toEqual(second?.config.color);
    expect([first, second].map((field) => field?.config.custom.lineStyle?.fill)).toEqual(['dot', undefined]);
  });
});

describe('a legend of one’s own', () => {
  it('is filled in', () => {
    const runs = [run('a', { name: 'one', group: 'g' })];
    const legend = '{{project}}/{{ run }} {{group}}: {{metric}} {{other}}';
    expect(namesOf([series({})], { runs, query: { legend } })).toEqual(['p/one g: m {{other}}']);
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

  it('say what no chart can draw', () => {
    expect(noticesOf([series({ value: [1, 'NaN'] })])).toEqual(['1 point is no finite number: m was NaN at step 2.']);
    expect(noticesOf([series({ step: [null, 2], value: ['Infinity', 'NaN'] })])).toEqual([
      '2 points are no finite number: m was Infinity first.',
    ]);
  });

  it('name what is missing, but not a glob that finds nothing', () => {
    const missing = { runs: ['gone'], metrics: ['nope', 'x/*'] };
    expect(noticesOf([], { answer: { missing } })).toEqual(['No such run: gone', 'Not logged: nope']);
    // What one name did not find another may have.
    expect(noticesOf([series({})], { answer: { missing } })).toEqual(['No such run: gone']);
  });
});

describe('the axis of steps', () => {
  const axisOf = (steps: number[]) =>
    framesOf([series({ step: steps, time: steps, value: steps })])[0]?.fields[0]?.config.max;

  it('ends a little after the last step, at a place that seldom moves', () => {
    const last = 1_000;
    const steps = Array.from({ length: last }, (_, i) => i + 1);
    const max = axisOf(steps) ?? 0;
    expect(max).toBeGreaterThan(last * 1.015);
    expect(max).toBeLessThan(last * 1.09);
    const ends = Array.from({ length: 100 }, (_, i) => axisOf([...steps, last + 1 + i]));
    expect(new Set(ends).size).toBeLessThan(6);
  });

  it('has room after the last step of a run that goes on, from its second step on, and moves but a few times', () => {
    const goingOn = (last: number) => {
      const steps = Array.from({ length: last }, (_, i) => i + 1);
      return framesOf([series({ step: steps, time: steps, value: steps })])[0]?.fields[0]?.config.max;
    };
    const ends = Array.from({ length: 99 }, (_, i) => ({ last: i + 2, max: goingOn(i + 2) ?? 0 }));
    expect(ends.slice(0, 8).map(({ max }) => max)).toEqual(Array(8).fill(10));
    const later = ends.slice(8);
    expect(later.filter(({ last, max }) => max < last + (last - 1) * 0.02 || max > last * 1.6 + 1)).toEqual([]);
    expect(new Set(ends.map(({ max }) => max)).size).toBeLessThan(20);
    expect(new Set(ends.filter(({ last }) => last <= 64).map(({ max }) => max)).size).toBeLessThan(16);
  });

  it('of one step has no end of its own', () => {
    expect(axisOf([7])).toBeUndefined();
  });
});
