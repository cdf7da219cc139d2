import { describe, expect, it } from 'vitest';
import type { Page } from '../data/TableData';
import { mergeLive, waitingText } from './mergeLive';

const page = (ids: string, offset = 0): Page => ({
  offset,
  count: ids.length,
  total: ids.length,
  rowId: (row) => ids[row] ?? '',
  cell: () => null,
  fullLength: () => undefined,
});

describe('mergeLive', () => {
  it('always shows the newest to someone who only watches', () => {
    expect(mergeLive(page('abc'), page('xyz'), false)).toBe('show');
  });

  it('shows what only grows', () => {
    expect(mergeLive(page('ab', 25), page('abc', 25), true)).toBe('show');
    expect(mergeLive(page('ab'), page('ab'), true)).toBe('show');
  });

  it.each([
    ['a row before', 'xab'],
    ['other rows', 'xyz'],
    ['fewer rows', 'a'],
  ])('lets a reader keep the place against %s', (_, ids) => {
    expect(mergeLive(page('ab'), page(ids), true)).toBe('wait');
  });

  it('says how many wait', () => {
    const texts = [5, 16, 4, 3, 1].map((next) => waitingText(4, next));
    expect(texts).toEqual(['1 new row', '12 new rows', 'Newer rows', '1 row fewer', '3 rows fewer']);
  });
});
