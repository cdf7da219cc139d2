import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DiffPart, wordDiff } from './wordDiff';

const without = (parts: DiffPart[], kind: DiffPart['kind']) =>
  parts
    .filter((part) => part.kind !== kind)
    .map(({ text }) => text)
    .join('');

/** Texts that share words, lines and odd characters. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('the', ' ', '\n', '\r\n', '\t', '42', '\\boxed{', '}', '👩‍💻', '\u202e', '\ud800', 'é'),
      fc.string(),
    ),
  )
  .map((parts) => parts.join(''));

describe('wordDiff', () => {
  it('loses no character of either text', () => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        const { parts } = wordDiff(first, second);
        expect(without(parts, 'new')).toBe(first);
        expect(without(parts, 'gone')).toBe(second);
      }),
    );
  });

  it('marks the words that differ, and no more', () => {
    expect(wordDiff('the answer is 41 apples', 'the answer is 42 apples').parts).toEqual([
      { text: 'the answer is ', kind: 'same' },
      { text: '41', kind: 'gone' },
      { text: '42', kind: 'new' },
      { text: ' apples', kind: 'same' },
    ]);
    expect(wordDiff('same', 'same')).toEqual({ parts: [{ text: 'same', kind: 'same' }], by: 'word' });
    expect(wordDiff('', '').parts).toEqual([]);
  });

  it('compares lines, or nothing, where words would take too long', () => {
    const lines = (word: string) => Array.from({ length: 30_000 }, (_, i) => `line ${i % 7 ? i : word}`).join('\n');
    const long = wordDiff(lines('a'), lines('b'));
    expect(long.by).not.toBe('word');
    const started = performance.now();
    const huge = wordDiff('x '.repeat(2_000_000), 'y '.repeat(2_000_000));
    expect(huge.by).toBe('whole');
    expect(without(huge.parts, 'new')).toHaveLength(4_000_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('gives up on texts that share nothing, in bounded time', () => {
    const random = (seed: number) =>
      Array.from({ length: 12_000 }, (_, i) => ((i * 7919 + seed) % 10_007).toString(36)).join(' ');
    const started = performance.now();
    wordDiff(random(1), random(5_003));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
