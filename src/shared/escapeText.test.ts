import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeLine, escapeLines } from './escapeText';

const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x2fff }), fc.integer({ min: 0, max: 0x10ffff })))
  .map((codes) => codes.map((code) => String.fromCodePoint(code)).join(''));

describe('escapeLine', () => {
  it('writes a newline as two characters and leaves markup alone', () => {
    expect(escapeLine('<im_start>system\nA <think>\t\\( J \\)\r\n')).toBe(
      '<im_start>system\\nA <think>\\t\\( J \\)\\r\\n',
    );
  });

  it.each([
    ['a\u202egnp', 'a\\u202egnp'],
    ['\u2066x\u2069', '\\u2066x\\u2069'],
    ['\0\u001b[31m', '\\u0000\\u001b[31m'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['\ud83d', '\\ud83d'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\u2028', '\\u2028'],
  ])('shows what would be invisible: %j', (text, shown) => {
    expect(escapeLine(text)).toBe(shown);
  });

  it('keeps emoji sequences and right-to-left letters', () => {
    expect(escapeLine('👩‍💻 שלום مرحبا')).toBe('👩‍💻 שלום مرحبا');
  });

  it('leaves nothing that breaks a line or overrides direction', () => {
    fc.assert(
      fc.property(anyText, (text) => !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Cs}/u.test(escapeLine(text))),
    );
  });
});

describe('escapeLines', () => {
  it('breaks lines, keeps tabs, escapes the rest', () => {
    expect(escapeLines('a\r\nb\nc\rd\te\u202e')).toBe('a\nb\nc\\rd\te\\u202e');
  });

  it('has the lines of the text', () => {
    fc.assert(fc.property(anyText, (text) => escapeLines(text).split('\n').length === text.split('\n').length));
  });
});
