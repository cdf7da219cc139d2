import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { migrate } from './migrate';
import { NothingChosen } from './NothingChosen';
import type { MetricsQuery, RowsQuery } from './query';
import { globToPattern, metricsRequest, nearestTo, rowsRequest, runSelector, stepSelection } from './toRequest';

const metrics = (partial: Partial<MetricsQuery>) =>
  ({
    ...migrate({ refId: 'A', queryType: 'metrics', runs: ['a'], metrics: ['m'] } as never),
    ...partial,
  }) as MetricsQuery;
const rows = (partial: Partial<RowsQuery>) =>
  ({ ...migrate({ refId: 'A', queryType: 'rows', runs: ['a'], table: 't' } as never), ...partial }) as RowsQuery;

describe('runs', () => {
  it.each(['$__all', '*', '.*'])('%s is every run', (id) => {
    expect(runSelector({ by: 'id', ids: [id] })).toEqual({ where: [] });
    expect(runSelector({ by: 'filter', project: [id] })).toEqual({ where: [] });
  });

  it('are chosen by what they have in common; several texts are alternatives', () => {
    const choice = { by: 'filter' as const, project: 'p', name: 'lr=*', tag: ['x', 'y*'], state: '', limit: 5 };
    expect(runSelector(choice)).toEqual({
      where: [
        { column: 'project', op: 'eq', value: 'p' },
        { column: 'name', op: 'matches', value: '^lr=.*$' },
        {
          anyOf: [
            { column: 'tag', op: 'eq', value: 'x' },
            { column: 'tag', op: 'matches', value: '^y.*$' },
          ],
        },
      ],
      limit: 5,
    });
  });

  it('are chosen by globs in which only the star is special', () => {
    const fits = (glob: string, name: string) => RE2JS.compile(globToPattern(glob)).test(name);
    expect(fits('val-core/*/acc/mean*', 'val-core/gsm8k/acc/mean@4')).toBe(true);
    expect(fits('a.b*', 'a.bc')).toBe(true);
    expect(fits('a.b*', 'axbc')).toBe(false);
    expect(fits('(x)[1]*', '(x)[1]|')).toBe(true);
    expect(fits('a*', 'ba')).toBe(false);
  });
});

describe('metrics', () => {
  it('ask for as many points as the panel has pixels, within bounds', () => {
    expect(metricsRequest(metrics({}), 12)).toEqual({ runs: ['a'], metrics: ['m'], x: 'step', maxPoints: 100 });
    expect(metricsRequest(metrics({}), 812.4).maxPoints).toBe(800);
    expect(metricsRequest(metrics({}), 1e9).maxPoints).toBe(100_000);
  });

  it('ask for the baseline beside the runs, once', () => {
    expect(metricsRequest(metrics({ baseline: 'b' })).runs).toEqual(['a', 'b']);
    expect(metricsRequest(metrics({ baseline: 'a' })).runs).toEqual(['a']);
    expect(metricsRequest(metrics({ baseline: '' })).runs).toEqual(['a']);
  });

  it('ask by another metric, reduced, joined, within times', () => {
    const query = metrics({ x: { by: 'metric', metric: 'tokens' }, reduce: 'mean', group: true });
    expect(metricsRequest(query, 200, { from: 1, to: 2 })).toEqual({
      runs: ['a'],
      metrics: ['m'],
      x: { metric: 'tokens' },
      times: { from: 1, to: 2 },
      maxPoints: 200,
      reduce: 'mean',
      groupBy: 'group',
    });
  });
});

describe('rows', () => {
  it('of one step are asked for whether or not the latest are', () => {
    expect(rowsRequest(rows({ rows: 'latest' }))).toEqual({
      runs: ['a'],
      table: 't',
      version: 'latest',
      limit: 500,
      preview: 1000,
      groupSpread: true,
    });
    expect(rowsRequest(rows({ rows: 'all' }))).toMatchObject({ lens: 'newest', groupSpread: true });
    expect(rowsRequest(rows({ rows: 'latest' }))).not.toHaveProperty('lens');
    expect(rowsRequest(rows({ rows: 'latest', step: '7' }))).toMatchObject({ steps: { from: 7, to: 7 } });
    expect(rowsRequest(rows({ rows: 'latest', step: '7' }))).not.toHaveProperty('version');
    expect(rowsRequest(rows({ rows: 'latest', step: '7,8' }))).not.toHaveProperty('version');
  });

  it('are filtered, searched, ordered and cut to columns where the query says so', () => {
    const query = rows({
      step: '1, 2',
      filter: [
        { column: 'r', op: 'gt', value: 0 },
        { column: 'r', op: 'eq', value: '' },
        { column: 'r', op: 'in', value: [] },
      ],
      search: 'x',
      orderBy: [{ column: 'r', direction: 'desc' }],
      columns: ['r'],
      limit: 5_000,
    });
    expect(rowsRequest(query)).toEqual({
      runs: ['a'],
      table: 't',
      filter: [
        { column: 'step', op: 'in', value: [1, 2] },
        { column: 'r', op: 'gt', value: 0 },
      ],
      search: 'x',
      orderBy: [{ column: 'r', direction: 'desc' }],
      columns: ['r'],
      limit: 1_000,
      preview: 1_000,
      groupSpread: true,
    });
  });

  it.each([
    ['', {}],
    ['~', {}],
    ['7', { steps: { from: 7, to: 7 } }],
    ['-3', { steps: { from: -3, to: -3 } }],
    [' 10 - 20 ', { steps: { from: 10, to: 20 } }],
  ])('of the steps "%s"', (text, expected) => {
    expect(stepSelection(text)).toEqual(expected);
  });

  it.each([
    ['~45', 45],
    [' ~ -3 ', -3],
    ['~', undefined],
    ['45', undefined],
    ['~1.5', undefined],
    ['~10, 20', undefined],
  ])('nearest: "%s" is %s', (text, expected) => {
    expect(nearestTo(text)).toBe(expected);
  });

  it.each([', ', '40, ', ' ,45'])('wait for what is still to be chosen of "%s"', (text) => {
    expect(() => stepSelection(text)).toThrow(NothingChosen);
  });

  it.each(['x', '1.5', '$step', '1,,2', '~1.5', '~10, 20'])('refuse "%s" as a step', (text) => {
    expect(() => stepSelection(text)).toThrow('is no step');
  });
});
