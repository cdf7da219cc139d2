import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitBlocks, splitLines } from './splitBlocks';

const joined = (text: string) =>
  splitBlocks(text)
    .map(({ open, text: inner, close }) => open + inner + close)
    .join('');
const shape = (text: string) => splitBlocks(text).map(({ kind, text: inner }) => [kind, inner.trim()]);

describe('splitBlocks', () => {
  it('takes code and displayed mathematics out of prose', () => {
    expect(shape('So:\n\n```python\nx = 1\n\ny = 2\n```\nThen\n\\[\nx^2\n\\]\n\nand $$y$$\n$$\nz\n$$ .\n')).toEqual([
      ['prose', 'So:'],
      ['code', 'x = 1\n\ny = 2'],
      ['prose', 'Then'],
      ['math', 'x^2'],
      ['prose', ''],
      ['prose', 'and $$y$$'],
      ['math', 'z'],
    ]);
    expect(splitBlocks('~~~~C++ title\n~~~\n~~~~')[0]).toMatchObject({ kind: 'code', language: 'c++', text: '~~~\n' });
  });

  it('reads code that was cut, and leaves mathematics that was', () => {
    expect(shape('```\nx')).toEqual([['code', 'x']]);
    expect(shape('\\[ x')).toEqual([['prose', '\\[ x']]);
    expect(shape('\\[1\\] is a note')).toEqual([['prose', '\\[1\\] is a note']]);
  });

  it('keeps a list together', () => {
    expect(shape('1. a\n\n   more\n\n2. b\n\nend')).toEqual([
      ['prose', '1. a\n\n   more\n\n2. b'],
      ['prose', 'end'],
    ]);
  });

  it('concatenates to the text, in pieces that stay small', () => {
    const line = fc.constantFrom(
      '```',
      '```py',
      '~~~',
      '$$',
      '\\[',
      '\\]',
      '\\begin{align}',
      '\\end{align}',
      '- a',
      '',
      '  b',
      'x',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n'), (lines, newline) => {
        expect(joined(lines.join(newline))).toBe(lines.join(newline));
      }),
      { numRuns: 500 },
    );
    const blocks = splitBlocks('a line of words\n'.repeat(60_000));
    expect(Math.max(...blocks.map(({ text }) => text.length))).toBeLessThan(4_000);
  });

  it('cuts long lines, never within a character', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('x'.repeat(3_000), 'y', ' ', '\n', '👩'.repeat(2_500), '\ud83d'), { maxLength: 12 }),
        (list) => {
          const text = list.join('');
          expect(joined(text)).toBe(text);
          const pieces = splitLines(text);
          expect(pieces.join('')).toBe(text);
          expect(pieces.every((piece) => piece.length <= 4_000 && piece !== '')).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    expect(splitLines('👩'.repeat(3_000)).map((piece) => [...piece].every((one) => one === '👩'))).toEqual([
      true,
      true,
    ]);
  });

  it.each(['```\n', '\\[\n', '$$\n', '\\begin{align}\n', '~~~\n', '> '])(
    'takes time that grows with length: %j',
    (unit) => {
      const started = performance.now();
      splitBlocks(unit.repeat(1_000_000 / unit.length));
      expect(performance.now() - started).toBeLessThan(5_000);
    },
  );
});
