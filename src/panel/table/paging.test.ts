import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingRows, pageBounds, rangeText, typedPage } from './paging';

describe('pageBounds', () => {
  it('is the picture: 1 - 3 of 4, then 4 - 4 of 4', () => {
    expect(rangeText(pageBounds(0, 3, 4), 4)).toBe('1 - 3 of 4');
    expect(pageBounds(3, 3, 4)).toEqual({ page: 1, pages: 2, offset: 3, size: 3 });
    expect(rangeText(pageBounds(3, 3, 4), 4)).toBe('4 - 4 of 4');
  });

  it('has one empty page without rows', () => {
    expect(pageBounds(0, 3, 0)).toEqual({ page: 0, pages: 1, offset: 0, size: 3 });
    expect(rangeText(pageBounds(0, 3, 0), 0)).toBe('0 of 0');
  });

  it('always holds the anchor, as long as the row exists, whatever the size', () => {
    const count = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(count, count, count, (anchor, size, total) => {
        const { page, pages, offset } = pageBounds(anchor, size, total);
        expect(page).toBeLessThan(pages);
        if (anchor < total) {
          expect(offset).toBeLessThanOrEqual(anchor);
          expect(offset + size).toBeGreaterThan(anchor);
        }
      }),
    );
  });
});

describe('typedPage', () => {
  it.each([
    ['2', 1],
    [' 1 ', 0],
    ['0', 0],
    ['999', 4],
    ['x', undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
  ])('%j of 5 pages is %s', (text, page) => {
    expect(typedPage(text, 5)).toBe(page);
  });
});

describe('fittingRows', () => {
  it('is at least one', () => {
    expect(fittingRows(10, 60)).toBe(1);
    expect(fittingRows(185, 60)).toBe(3);
  });
});
