import { LIMITS } from '@rolloscope/contract';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { checkPatternSizes } from './checkPatterns';
import { patternSize } from './patternSize';

const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', 'é', '.', '\\d', '\\b', '[^a]', '[]x-z]', '[[:alpha:]\\]]', '\\Qa(b\\E', '\\x{41}', '', '^'),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}|${b}`),
    fc
      .tuple(
        fc.constantFrom('(', '(?:', '(?P<n>'),
        tie('pattern'),
        fc.constantFrom('', '*', '+?', '?', '{3}', '{2,}', '{0,7}'),
      )
      .map(([open, inner, repeat]) => `${open}${inner})${repeat}`),
  ),
}));

describe('the size of a pattern', () => {
  it.each([
    ['abc', 5],
    ['(a?){900}a{900}z', 4_503],
    ['the.{0,300}answer.{0,300}42', 1_213],
    ['((a{30}){30}b)', 965],
    ['\\b(\\w+\\W+){1,50}[89]', 353],
  ])('of %s is what it compiles to', (text, size) => {
    expect(patternSize(text)).toBe(size);
    expect(RE2JS.compile(text).programSize()).toBe(size);
  });

  it('is never less than what it compiles to', () => {
    fc.assert(
      fc.property(pattern, (text) => {
        let compiled: RE2JS | undefined;
        try {
          compiled = RE2JS.compile(text);
        } catch {
          // Such as a group whose name comes twice; what it refuses has no size.
        }
        return compiled === undefined || patternSize(text) >= compiled.programSize();
      }),
      { numRuns: 2_000 },
    );
  });

  it('is told of anything in an instant, also of what is not valid', () => {
    for (const text of ['(', '[', '[[:', '\\', '{9', '(?P<', '\\Q'].map((one) => one.repeat(2_000))) {
      expect(patternSize(text)).toBeGreaterThan(0);
    }
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => patternSize(text) > 0));
    expect(patternSize('a'.repeat(32_000_000))).toBe(32_000_000);
  });
});

describe('patterns of a request', () => {
  it('are refused by the name of the limit, all together', () => {
    const fits = `a{${LIMITS.patternSteps / 2}}`;
    checkPatternSizes([fits]);
    checkPatternSizes([fits, fits]);
    expect(() => checkPatternSizes([fits, `b${fits}`])).toThrow(/about 2,005 steps.*patternSteps/);
  });
});
