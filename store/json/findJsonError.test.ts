import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonError } from './findJsonError';

const at = (text: string) => {
  const { line, column, problem } = findJsonError(text);
  return `${line}:${column} ${problem}`;
};

describe('findJsonError', () => {
  it.each([
    ['{"a":1,}', '1:8 expected a name in double quotes, found }'],
    ['{"a" 1}', '1:6 expected :, found 1'],
    ['[1 2]', '1:4 expected , or ], found 2'],
    ['[1,\n  tru]', '2:3 "tru" is not JSON'],
    ['{"a":NaN}', '1:6 "NaN" is not JSON; non-finite numbers are the strings "NaN", "Infinity", "-Infinity"'],
    ["{'a':1}", `1:2 "'" is not JSON`],
    ['[01]', '1:2 "01" is not JSON'],
    ['{"a":1', '1:7 ends too early: expected , or }'],
    ['{} {}', '1:4 expected the end, found {'],
    ['["a\nb"]', '1:2 a string is not closed, or holds a line break or a bad escape'],
    ['["\\x"]', '1:2 a string is not closed, or holds a line break or a bad escape'],
  ])('%j: %s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  it('agrees with JSON.parse on what is wrong', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-0.5e3',
      'true',
      'null',
      ' ',
      '"',
      'x',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        if (isJson) {
          // It is asked only about faults; a text without one runs to its end.
          expect(findJsonError(text).problem).toBe('ends too early: expected the end');
        } else {
          expect(findJsonError(text).problem).not.toBe('ends too early: expected the end');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes deep nesting and long strings', () => {
    expect(at('['.repeat(1_000_000))).toBe('1:1000001 ends too early: expected a value or ]');
    expect(at(`["${'a\\n'.repeat(1_000_000)}" x`)).toContain('"x" is not JSON');
  });
});
