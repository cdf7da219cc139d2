import { MetricsRequest, RowSelection } from '@rolloscope/contract';
import fc from 'fast-check';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { migrate } from './migrate';
import { DEFAULT_QUERY, isComplete, QUERY_TYPES, type StoreQuery } from './query';
import { metricsRequest, rowSelection } from './toRequest';

const FIELDS = [
  ...['runs', 'metrics', 'x', 'reduce', 'smoothing', 'group', 'attempts', 'baseline', 'mark', 'legend', 'live'],
  ...['table', 'rows', 'step', 'filter', 'search', 'orderBy', 'limit', 'columns', 'compareTo', 'all', 'accuracy'],
  ...['types', 'version', 'editorMode'],
];

const odds = fc.oneof(
  fc.anything(),
  fc.constantFrom('x', '$run', 'eq', 'in', 'desc', 'filter', 'regex', 1, 2),
  fc.array(fc.string()),
);

/** What the contract has against a body, as the store would say it. */
const faults = (schema: TSchema, body: unknown) => [...Value.Errors(schema, body)].map(({ message }) => message);

/** None where the query itself says that a step is none. */
function sendable<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}

describe('migrate', () => {
  it('leaves a query of today as it is', () => {
    const query: StoreQuery = {
      refId: 'A',
      version: 2,
      queryType: 'rows',
      runs: { by: 'filter', tag: 'x', limit: 2 },
      table: 't',
      rows: 'latest',
      filter: [
        { column: 'reward', op: 'lt', value: 0 },
        {
          anyOf: [
            { column: 'task', op: 'eq', value: 'x' },
            { column: 'task', op: 'isNull' },
          ],
        },
      ],
      editorMode: 'code',
    };
    expect(migrate(query)).toEqual(query);
  });

  it('fills in what an empty query lacks', () => {
    expect(migrate({ refId: 'A' })).toEqual({ ...DEFAULT_QUERY, refId: 'A' });
  });

  it('takes what people write by hand before version 1', () => {
    const byHand = { refId: 'A', queryType: 'metrics', runs: 'a', metrics: 'loss', x: 'time' };
    expect(migrate(byHand)).toEqual({
      refId: 'A',
      version: 2,
      queryType: 'metrics',
      runs: { by: 'id', ids: ['a'] },
      metrics: ['loss'],
      x: { by: 'time' },
    });
    expect(migrate({ refId: 'A', queryType: 'rows', table: 't', step: 7 } as never)).toMatchObject({ step: '7' });
  });

  it('starts anew from a query that another data source left, and keeps where it stands', () => {
    const left = { refId: 'B', hide: true, queryType: 'range', expr: 'up', datasource: { uid: 'x' } };
    expect(migrate(left)).toEqual({ ...DEFAULT_QUERY, refId: 'B', hide: true, datasource: { uid: 'x' } });
  });

  it('brings version 1 to date, which knew the newest runs only', () => {
    const saved = { refId: 'A', version: 1, queryType: 'runs', runs: { by: 'filter', tag: 'x', newest: 3 } };
    expect(migrate(saved as never)).toEqual({
      refId: 'A',
      version: 2,
      queryType: 'runs',
      runs: { by: 'filter', tag: 'x', limit: 3 },
    });
  });

  it('makes of anything a query that stays what it is, and that the store takes or that is known to be unfinished', () => {
    const odd = fc.oneof(
      fc.anything(),
      fc.constantFrom('$run', '', 7, 0.5, true, 'all', 'time', 'mean', { by: 'id' }, { by: 'metric', metric: 'm' }),
      fc.array(fc.record({ column: odds, op: odds, value: odds, anyOf: odds, direction: odds }, { requiredKeys: [] })),
      fc.record({ by: odds, ids: odds, newest: odds, limit: odds, where: odds, text: odds }, { requiredKeys: [] }),
    );
    const fields = Object.fromEntries(FIELDS.map((field) => [field, odd]));
    const saved = fc.record(
      { queryType: fc.oneof(fc.constantFrom(...QUERY_TYPES), fc.anything()), ...fields },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(saved, (partial) => {
        const query = migrate({ refId: 'A', ...partial } as never);
        expect(QUERY_TYPES).toContain(query.queryType);
        expect(migrate(query)).toEqual(query);
        expect(migrate(JSON.parse(JSON.stringify(query)))).toEqual(JSON.parse(JSON.stringify(query)));
        if (isComplete(query) && query.queryType === 'metrics') {
          expect(faults(MetricsRequest, metricsRequest(query))).toEqual([]);
        }
        if (isComplete(query) && (query.queryType === 'rows' || query.queryType === 'groups')) {
          const body = sendable(() => rowSelection(query));
          expect(body ? faults(RowSelection, body) : []).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('isComplete', () => {
  const query = migrate({ refId: 'A', queryType: 'metrics', runs: ['a'], metrics: ['m'] } as never);

  it('is true of a query that asks for something', () => {
    expect(isComplete(query)).toBe(true);
  });

  it.each([
    { hide: true },
    { metrics: [' '] },
    { runs: { by: 'id', ids: [] } },
    { x: { by: 'metric', metric: '' } },
    { queryType: 'rows', table: '' },
  ])('is false of %j', (change) => {
    expect(isComplete({ ...query, ...change } as StoreQuery)).toBe(false);
  });
});
