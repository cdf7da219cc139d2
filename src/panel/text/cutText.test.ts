import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText } from './cutText';

const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }))
  .map((codes) => codes.map((code) => String.fromCodePoint(code)).join(''));

describe('cutText', () => {
  it('never splits a surrogate pair', () => {
    expect(cutText('a😀b', 2)).toBe('a');
    expect(cutText('a😀b', 3)).toBe('a😀');
  });

  it('is a beginning of the text, within the limit, and at most one unit short of it', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const cut = cutText(text, limit);
        return text.startsWith(cut) && cut.length <= limit && cut.length >= Math.min(text.length, limit) - 1;
      }),
    );
  });
});
