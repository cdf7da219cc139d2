import { describe, expect, it } from 'vitest';
import { visibleText } from './visibleText';

const shown = (text: string) => visibleText(text).map(({ kind, text: piece }) => `${kind[0]}:${piece}`);

describe('visibleText', () => {
  it('leaves plain text, lines and tabs as they are', () => {
    expect(shown('a\n\tb 👩‍💻 é')).toEqual(['t:a\n\tb 👩‍💻 é']);
    expect(shown('a\r\nb')).toEqual(['t:a\nb']);
    expect(visibleText('')).toEqual([]);
  });

  it('shows what would be invisible or turn its neighbours round', () => {
    expect(shown('a\u202eb')).toEqual(['t:a', 'i:\\u202e', 't:b']);
    expect(shown('\u0000a\u200b\u200b\u200b.')).toEqual(['i:\\u0000', 't:a', 'i:\\u200b ×3', 't:.']);
    expect(shown('a\u200db 👩‍💻 a\u3164b').filter((one) => one.startsWith('i:'))).toEqual(['i:\\u200d', 'i:\\u3164']);
    expect(shown('\u202e\u202d\u2066')).toEqual(['i:\\u202e\\u202d\\u2066']);
    expect(shown('\u202e\u202d'.repeat(50))[0]).toMatch(/^i:\\u202e\\u202d.*… 100 characters that do not show$/);
    expect(shown('\ud800x')).toEqual(['i:\\ud800', 't:x']);
    expect(shown('\u001b[31mred')).toEqual(['i:\\u001b', 't:[31mred']);
  });

  it('shows control tokens of any family as such', () => {
    expect(shown('a<|im_end|></s>b<b>')).toEqual(
      ['t:a', 'o:<|im_end|>', 'o:</s>', 't:b<b>'].map((one) => one.replace('o:', 't:')),
    );
    expect(visibleText('a<|im_end|>').map(({ kind }) => kind)).toEqual(['text', 'token']);
  });

  it('keeps the signs of LaTeX together in right-to-left text', () => {
    expect(shown('התשובה: \\boxed{2}, \\frac{1}{2}.')).toEqual([
      't:התשובה: ',
      'l:\\boxed{2}',
      't:, ',
      'l:\\frac{1}{2}',
      't:.',
    ]);
    expect(shown('the answer: \\boxed{2}.')).toEqual(['t:the answer: \\boxed{2}.']);
    const many = 'א \\boxed{2} '.repeat(10_000);
    expect(visibleText(many).length).toBeLessThan(10);
    expect(
      visibleText(many)
        .map(({ text }) => text)
        .join(''),
    ).toBe(many);
  });

  it('cuts long runs, which a browser would shape anew for each line', () => {
    const word = 'AV'.repeat(100);
    expect(shown(`a ${word} b`)).toEqual([`t:a ${word} b`]);
    expect(shown(`a ${word}${word}x <|im_end|>${word}é`)).toEqual([
      't:a ',
      `r:${word}`,
      `r:${word}`,
      'r:x',
      't: ',
      't:<|im_end|>',
      `r:${word}`,
      'r:é',
    ]);
    const emoji = visibleText('x😀'.repeat(200)).map(({ text }) => text);
    expect(emoji.join('')).toBe('x😀'.repeat(200));
    expect(emoji.every((text) => text.isWellFormed())).toBe(true);
  });

  it('makes a bounded number of pieces of any text', () => {
    const pieces = visibleText('\u200b\u200c\u00ad'.repeat(300_000));
    expect(pieces.length).toBeLessThan(300);
    expect(pieces.map(({ text }) => text).join('')).not.toMatch(/\u200b|\u00ad/);
  });
});
