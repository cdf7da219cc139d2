import { createDataFrame } from '@grafana/data';
import { expect, it } from 'vitest';
import { LastGood } from './LastGood';

it('shows what a query last had, and why there is nothing newer', () => {
  const last = new LastGood();
  expect(last.show('a', 'Gone.')).toEqual([]);
  const frame = { ...createDataFrame({ fields: [] }), meta: { notices: [{ severity: 'info' as const, text: 'x' }] } };
  last.keep('a', [frame], 0);
  const [shown] = last.show('a', 'Gone.');
  expect(shown?.meta?.notices?.map(({ text }) => text)).toEqual(['x', expect.stringMatching(/^As of .+\. Gone\.$/)]);
  expect(frame.meta.notices).toHaveLength(1);
});

it('is bounded, and forgets the longest unused', () => {
  const last = new LastGood();
  const frames = [createDataFrame({ fields: [] })];
  for (let i = 0; i < 65; i++) {
    last.keep('first', frames, 0);
    last.keep(`${i}`, frames, 0);
  }
  expect(last.show('first', '')).toHaveLength(1);
  expect(last.show('0', '')).toEqual([]);
  expect(last.show('64', '')).toHaveLength(1);
});
