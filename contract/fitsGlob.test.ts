import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsGlob } from './fitsGlob';

const asPattern = (glob: string) => new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 's');

describe('fitsGlob', () => {
  it('fits what the same pattern fits', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 12 });
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
    fc.assert(
      fc.property(text, glob, (one, other) => fitsGlob(one, other) === asPattern(other).test(one)),
      { numRuns: 2_000 },
    );
  });

  it('is done at once with many stars, over which a pattern of JavaScript would not end', () => {
    expect(fitsGlob('a'.repeat(256), `${'*a'.repeat(127)}*b`)).toBe(false);
    expect(fitsGlob(`${'a'.repeat(255)}b`, `${'*a'.repeat(127)}*b`)).toBe(true);
  });
});
