import { expect, it } from 'vitest';
import type { StoreQuery } from '../query';
import { unknownFrames } from './unknownFrames';

const WHY = 'The run store does not answer';
const of = (query: object, state?: string) =>
  unknownFrames({ refId: 'A', version: 2, ...query } as StoreQuery, WHY, state).map(({ refId, fields }) => [
    refId,
    ...fields.map(({ name, values }) => [name, ...values]),
  ]);

it.each([
  ['step', 'Step'],
  ['time', 'Time'],
])('a chart by %s has its axis, and the reason where the name of a line is', (by, axis) => {
  expect(of({ queryType: 'metrics', metrics: ['loss'], x: { by } })).toEqual([['A', [axis], [WHY]]]);
});

it('a status is unknown, not empty, and in grey', () => {
  const [frame = []] = of({ queryType: 'status' }, 'not public');
  expect(frame.slice(0, 3)).toEqual(['A', ['State', 'not public'], ['Step', null]]);
  const [{ fields = [] } = {}] = unknownFrames({ refId: 'A', queryType: 'status' } as StoreQuery, WHY);
  expect(new Set(fields.map(({ config }) => config.color?.fixedColor))).toEqual(new Set(['#8e8e8e']));
});

it('tables have words of their own for what failed', () => {
  expect(of({ queryType: 'rows', table: 'rollouts' })).toEqual([]);
});
