import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleRange } from './visibleRange';

describe('visibleRange', () => {
  it('covers what can be seen, and draws few rows beyond', () => {
    const pixels = fc.integer({ min: -50, max: 700_000 });
    fc.assert(
      fc.property(
        pixels,
        fc.integer({ min: 0, max: 2_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (top, height, count) => {
          const { from, to } = visibleRange(top, height, 62, count);
          expect(from).toBeLessThanOrEqual(to);
          expect(to).toBeLessThanOrEqual(count);
          expect(to - from).toBeLessThanOrEqual(height / 62 + 14);
          const lastVisible = Math.min(count, Math.ceil((Math.max(0, top) + height) / 62));
          expect(to).toBeGreaterThanOrEqual(lastVisible);
        },
      ),
    );
  });
});
