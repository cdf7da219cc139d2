import { expect, it } from 'vitest';
import { migrate } from '../migrate';
import type { StoreQuery } from '../query';
import { noTableFrames } from './noTableFrames';

const rows = (table: string, more: object = {}): StoreQuery =>
  migrate({ refId: 'A', version: 2, queryType: 'rows', runs: { by: 'id', ids: ['a'] }, table, ...more } as never);
const textsOf = (written: StoreQuery, filled: StoreQuery) =>
  noTableFrames([{ written, filled }]).map(({ refId, meta }) => [refId, meta?.notices?.[0]?.text]);

it('says of a variable that is empty that the run has no such table', () => {
  expect(textsOf(rows('$evalTable'), rows(''))).toEqual([
    ['A', 'No eval table of this run is known: $evalTable is empty.'],
  ]);
  expect(textsOf(rows('$table'), rows(' '))).toEqual([
    ['A', 'No table of rollouts of this run is known: $table is empty.'],
  ]);
});

it('says that there is no run where none is chosen, as in a store that has none', () => {
  const none = rows('', { runs: { by: 'id', ids: [''] } });
  expect(textsOf(rows('$table', { runs: { by: 'id', ids: ['$run'] } }), none)).toEqual([
    ['A', 'There is no run to read: none is chosen above, or the store has none yet.'],
  ]);
});

it('says nothing of a table that is there, of a query that is not written yet, and of a hidden one', () => {
  expect(textsOf(rows('$evalTable'), rows('eval'))).toEqual([]);
  expect(textsOf(rows(''), rows(''))).toEqual([]);
  expect(textsOf(rows('$evalTable', { hide: true }), rows('', { hide: true }))).toEqual([]);
});
