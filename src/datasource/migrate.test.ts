import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { migrate } from './migrate';
import { DEFAULT_QUERY, isComplete, QUERY_TYPES, type StoreQuery } from './query';
import { metricsRequest, rowsRequest } from './toRequest';

describe('migrate', () => {
  it('leaves a query of today as it is', () => {
    const query: StoreQuery = {
      refId: 'A',
      version: 1,
      queryType: 'rows',
      runs: { by: 'filter', tag: 'x', newest: 2 },
      table: 't',
      rows: 'latest',
      filter: [{ column: 'reward', op: 'lt', value: 0 }],
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
      version: 1,
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

  it('makes of anything a query that can be sent or is known to be unfinished', () => {
    const saved = fc.record(
      {
        queryType: fc.option(fc.oneof(fc.constantFrom(...QUERY_TYPES), fc.string()), { nil: undefined }),
        runs: fc.anything(),
        metrics: fc.anything(),
        x: fc.anything(),
        table: fc.anything(),
        rows: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(saved, (partial) => {
        const query = migrate({ refId: 'A', ...partial } as never);
        expect(QUERY_TYPES).toContain(query.queryType);
        expect(['id', 'filter']).toContain(query.runs.by);
        expect(migrate(query)).toEqual(query);
        if (isComplete(query) && query.queryType === 'metrics') {
          expect(metricsRequest(query).metrics.length).toBeGreaterThan(0);
        }
        if (isComplete(query) && query.queryType === 'rows') {
          expect(rowsRequest(query).table).not.toBe('');
        }
      }),
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
    { queryType: 'status', accuracy: '' },
  ])('is false of %j', (change) => {
    expect(isComplete({ ...query, ...change } as StoreQuery)).toBe(false);
  });
});
