import { expect, it } from 'vitest';
import { axisOfPanel, takesFigures } from './axisOfPanel';
import { migrate } from './migrate';

const query = (partial: object = {}) => migrate({ refId: 'A', queryType: 'metrics', ...partial } as never);

it.each([
  ['timeseries', 'time'],
  ['state-timeline', 'time'],
  ['trend', 'step'],
  ['xychart', 'step'],
  ['stat', 'step'],
  [undefined, 'step'],
])('an axis that nobody chose is what %s draws: %s', (panel, by) => {
  expect(axisOfPanel(query(), panel)).toMatchObject({ x: { by } });
});

it('leaves an axis that somebody chose, and queries without one', () => {
  expect(axisOfPanel(query({ x: { by: 'step' } }), 'timeseries')).toMatchObject({ x: { by: 'step' } });
  const rows = query({ queryType: 'rows', table: 't' });
  expect(axisOfPanel(rows, 'timeseries')).toBe(rows);
});

it('knows panels that make a figure of every number', () => {
  expect(['stat', 'bargauge', 'trend', undefined].map(takesFigures)).toEqual([true, true, false, false]);
});
