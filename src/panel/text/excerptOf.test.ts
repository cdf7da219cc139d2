import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainMatcher } from './compileSearch';
import { excerptOf } from './excerptOf';

const find = (needle: string) => plainMatcher({ text: needle, mode: 'plain' });

describe('excerptOf', () => {
  it('marks hits where they are in sight', () => {
    expect(excerptOf('a needle, a Needle', find('needle'), 100)).toEqual({
      pieces: ['a ', 'needle', ', a ', 'Needle', ''],
      isCutBefore: false,
      isCutAfter: false,
    });
  });

  it('begins shortly before a hit that would be out of sight', () => {
    const excerpt = excerptOf(`${'x'.repeat(500)}needle${'y'.repeat(500)}`, find('needle'), 100);
    expect(excerpt).toMatchObject({ isCutBefore: true, isCutAfter: true });
    expect(excerpt?.pieces).toEqual(['x'.repeat(40), 'needle', 'y'.repeat(54)]);
  });

  it('is nothing without a hit', () => {
    expect(excerptOf('hay', find('needle'), 100)).toBeUndefined();
  });

  it('is a part of the text, character for character, and never breaks one', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '\n'), maxLength: 300 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 50 }), (all, limit) => {
        const excerpt = excerptOf(all, find('ab'), limit);
        const shown = excerpt?.pieces.join('') ?? '';
        expect(all).toContain(shown);
        expect(shown.isWellFormed()).toBe(true);
        expect(excerpt?.pieces.filter((_, i) => i % 2 === 1).every((hit) => hit === 'ab')).not.toBe(false);
      }),
    );
  });
});
