import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expand, interpolate, type Replace } from './interpolate';
import { migrate } from './migrate';
import { QUERY_TYPES, type StoreQuery } from './query';

/** Fills in `$name` and `${name}` as Grafana does: through the format where one is given, else as a glob. */
function templates(values: Record<string, string | string[]>): Replace {
  return {
    replace: (text = '', _scoped, format) =>
      text.replace(/\$(\w+)|\$\{(\w+)\}/g, (match, bare: string | undefined, braced: string | undefined) => {
        const value = values[bare ?? braced ?? ''];
        if (value === undefined) {
          return match;
        }
        if (typeof format === 'function') {
          return format(value, {}, () => '') as string;
        }
        return Array.isArray(value) ? `{${value.join(',')}}` : value;
      }),
  };
}

const rows = (partial: Partial<Extract<StoreQuery, { queryType: 'rows' }>>): StoreQuery => ({
  refId: 'A',
  version: 2,
  queryType: 'rows',
  runs: { by: 'id', ids: ['$run'] },
  table: 't',
  rows: 'all',
  ...partial,
});

describe('expand', () => {
  it('keeps the values of a list apart, whatever characters they have', () => {
    const anything = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(fc.uniqueArray(anything, { minLength: 1 }), (ids) => {
        expect(expand('$run', templates({ run: ids }))).toEqual(ids);
      }),
    );
  });

  it('fills in what stands inside a text, once for each value', () => {
    const vars = templates({ task: ['gsm8k', 'a,b'], k: '4' });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana
    expect(expand('eval/${task}/pass@$k', vars)).toEqual(['eval/gsm8k/pass@4', 'eval/a,b/pass@4']);
  });

  it('gives none for a variable without a value, and leaves unknown ones as they are', () => {
    expect(expand('$run', templates({ run: [] }))).toEqual([]);
    expect(expand('$run', templates({ run: '' }))).toEqual([]);
    expect(expand('$other', templates({}))).toEqual(['$other']);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 200 }, (_, i) => `${i}`);
    expect(expand('$a/$b', templates({ a: many, b: many }))).toHaveLength(1_000);
  });
});

describe('interpolate', () => {
  it('fills in every text of a query and changes nothing in place', () => {
    const query = rows({
      table: '$table',
      step: '$step',
      search: 'say $word',
      columns: ['$cols'],
      orderBy: [{ column: '$by', direction: 'desc' }],
      filter: [
        { column: '$by', op: 'lt', value: '$low' },
        { column: 'task', op: 'eq', value: '$tasks' },
        { column: 'n', op: 'in', value: ['$low', 3] },
        { column: 'ok', op: 'eq', value: true },
      ],
    });
    const before = structuredClone(query);
    const values = { run: ['a', 'b'], table: 't1', step: ['1', '2'], word: 'hi', cols: ['x', 'y'], by: 'reward' };
    const filled = interpolate(query, templates({ ...values, low: '0.5', tasks: ['g', 'h'] }));
    expect(query).toEqual(before);
    expect(filled).toEqual({
      ...query,
      runs: { by: 'id', ids: ['a', 'b'] },
      table: 't1',
      step: '1,2',
      search: 'say hi',
      columns: ['x', 'y'],
      orderBy: [{ column: 'reward', direction: 'desc' }],
      filter: [
        { column: 'reward', op: 'lt', value: 0.5 },
        { column: 'task', op: 'in', value: ['g', 'h'] },
        { column: 'n', op: 'in', value: ['0.5', 3] },
        { column: 'ok', op: 'eq', value: true },
      ],
    });
  });

  it.each([
    ['$a, $b', { a: '10', b: '' }, ','],
    ['$a, $b', { a: '', b: '' }, ','],
    ['$a, $b', { a: '10', b: '20' }, '10, 20'],
    ['$a', { a: '' }, ''],
  ])('lets the steps "%s" wait for their variables %j: "%s"', (step, values, filled) => {
    expect(interpolate(rows({ step }), templates({ run: 'r', ...values }))).toMatchObject({ step: filled });
  });

  it('fills in what runs have in common, as lists', () => {
    const query = rows({ runs: { by: 'filter', project: '$project', tag: 'x', limit: 3 } });
    expect(interpolate(query, templates({ project: ['p,1', 'p2'] })).runs).toEqual({
      by: 'filter',
      project: ['p,1', 'p2'],
      tag: ['x'],
      limit: 3,
    });
  });

  it.each(QUERY_TYPES)('leaves no variable in any text of %s', (queryType) => {
    const condition = { column: '$x', op: 'eq', value: '$x' };
    const where = [condition, { anyOf: [condition, { column: '$x', op: 'in', value: ['$x'] }] }];
    const orderBy = queryType === 'groups' ? undefined : [{ column: '$x', direction: 'asc' }];
    const fields = {
      ...{
        metrics: ['$x'],
        x: { by: 'metric', metric: '$x' },
        smoothing: '$x',
        baseline: '$x',
        mark: '$x',
        legend: '$x',
      },
      ...{ table: '$x', step: '$x', filter: where, columns: ['$x'], accuracy: '$x', types: ['$x'], orderBy },
      search: { text: '$x', mode: 'regex', columns: ['$x'] },
      compareTo: { run: '$x', step: '$x' },
    };
    const common = { project: '$x', name: ['$x'], group: '$x', tag: '$x', state: '$x' };
    for (const runs of [
      { by: 'id', ids: ['$x'], where },
      { by: 'filter', ...common, where, orderBy: [{ column: '$x', direction: 'asc' }] },
    ]) {
      const saved = migrate({ refId: 'A', queryType, runs, ...fields } as never);
      const texts = JSON.stringify(saved).split('$x').length;
      const filled = JSON.stringify(interpolate(saved, templates({ x: 'filled' })));
      expect(filled).not.toContain('$x');
      expect(filled.split('filled')).toHaveLength(texts);
    }
  });
});
