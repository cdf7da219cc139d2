import { readMismatch } from '@rolloscope/contract/tokenMismatch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AA } from '../../color/paint';
import { contrast, parseColor } from '../../color/rgb';
import { DIFFERENCE, readTokens } from './readTokens';
import { SHADES, scaleOf, shadeOf, shadePaint } from './tokenScale';
import { worstTokens } from './worstTokens';

describe('readTokens', () => {
  it.each([
    [
      'entries',
      [
        { text: 'a', logprob: -1 },
        { text: 'b', logprob: 0 },
      ],
    ],
    ['lists side by side', { text: ['a', 'b'], logprob: [-1, 0] }],
    ['JSON', '{"tokens": ["a", "b"], "logprob": [-1, 0]}'],
  ])('reads %s', (_, cell) => {
    expect(readTokens(cell)).toEqual({
      texts: ['a', 'b'],
      numbers: [{ name: 'logprob', values: [-1, 0] }],
      faults: [],
    });
  });

  it('tells ids and the mask from amounts', () => {
    const read = readTokens({ text: ['a', 'b'], token_ids: [5, 6], loss_mask: [false, 1], entropy: [0.5, null] });
    expect(read).toMatchObject({
      ids: { name: 'token_ids' },
      mask: { name: 'loss_mask', values: [0, 1] },
      numbers: [{ name: 'entropy', values: [0.5, null] }],
      faults: [],
    });
  });

  it('reads texts alone', () => expect(readTokens(['a', 'b'])).toMatchObject({ texts: ['a', 'b'], numbers: [] }));

  it.each([
    [{ text: ['a', 'b'], logprob: [1] }, 'logprob has 1 entries for 2 tokens: it is shown as far as it goes'],
    [{ text: ['a', 'b'], logprob: [1, 'high'] }, 'logprob is no list of numbers (entry 2 is a text)'],
    [{ text: ['a', 'b'], logprob: ['NaN', 1] }, '1 of 2 values of logprob are not finite'],
    [{ text: ['a', 'b'], loss_mask: [0, 0.5] }, 'loss_mask does not hold 0 and 1 alone'],
    [{ text: ['a', 3], logprob: [1, 2] }, '1 of 2 entries of text are no texts'],
    [{ text: ['a'], model: 'x' }, 'model is no list'],
    [[{ text: 'a' }, 7], '1 of 2 entries are no objects'],
    [[1, 2], 'No list holds the tokens’ texts'],
  ])('says what is wrong with %j', (cell, words) => {
    expect(readTokens(cell)?.faults.join(' ')).toContain(words);
  });

  it.each([[null], ['text'], ['[cut'], [7], [[]], [{}], [{ a: 1 }]])('is nothing for %j', (cell) => {
    expect(readTokens(cell)).toBeUndefined();
  });
});

describe('engine and trainer', () => {
  it('differ by token, and nothing is no 0', () => {
    const cell = {
      id: [5, 6, 7, 8, 9],
      mask: [1, 1, 0, 1, 1],
      engineLogprob: [-1, -2, -3, null, -0.5],
      trainerLogprob: [-1.25, -2, -9, -1, 'NaN'],
    };
    const read = readTokens(cell);
    expect(read?.numbers[0]).toEqual({ name: DIFFERENCE, values: [-0.25, 0, null, null, null] });
    expect(read?.texts).toEqual(['#5', '#6', '#7', '#8', '#9']);
    expect(read?.faults[0]).toBe('No texts of tokens are logged: each is shown by its number in id.');
    expect(readMismatch(cell)).toEqual({ mean: 0.125, max: 0.25, tokens: 2 });
  });

  it('are the numbers that the columns are made of, however they are called', () => {
    const number = fc.option(fc.double({ min: -20, max: 0, noNaN: true }));
    const token = fc.record({ text: fc.constant('a'), generation_logprobs: number, prev_logprobs: number });
    fc.assert(
      fc.property(fc.array(token, { minLength: 1 }), (cell) => {
        const values = readTokens(cell)?.numbers.find(({ name }) => name === DIFFERENCE)?.values ?? [];
        const apart = values.flatMap((value) => (value === null ? [] : Math.abs(value)));
        const told = readMismatch(cell);
        expect(apart).toHaveLength(told?.tokens ?? 0);
        expect(Math.max(0, ...apart)).toBe(told?.max ?? 0);
      }),
    );
  });

  it('have no difference where lists are of unequal length, each of which is shown as far as it goes', () => {
    const read = readTokens({ text: ['a', 'b'], logprobs: [-1, -2, -3], prev_logprobs: [-1] });
    expect(read?.numbers).toEqual([
      { name: 'logprobs', values: [-1, -2] },
      { name: 'prev_logprobs', values: [-1, null] },
    ]);
    expect(read?.faults.join(' ')).toContain('No difference of prev_logprobs and logprobs is shown');
  });

  it('leads from the worst on, past masked tokens and those without a number', () => {
    const mask = { name: 'mask', values: [1, 1, 0, 1, 1, 1] };
    const values = [0.1, -3, 9, null, Number.NaN, 0];
    expect(worstTokens({ name: 'x', values }, 0, mask)).toEqual([1, 0]);
    const many = Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 100_003);
    expect(worstTokens({ name: 'x', values: many }, 0, undefined)).toHaveLength(1_000);
  });
});

describe('the scale', () => {
  const scale = (name: string, values: Array<number | null>) => scaleOf({ name, values });

  it('grows from 0, from 1 for a ratio, and from the value next to 0 on one side of it', () => {
    expect(scale('advantage', [-1, 2])).toEqual({ middle: 0, reach: 2, hasBelow: true, hasAbove: true });
    expect(scale('ratio', [0.5, 1.5])).toMatchObject({ middle: 1, reach: 0.5 });
    expect(scale('logprob', [-4, -0.5])).toMatchObject({ middle: -0.5, hasAbove: false });
    expect(scale('x', [3, 3, null, Number.NaN])).toMatchObject({ middle: 3, reach: 0 });
    expect(scale('x', [])).toMatchObject({ reach: 0 });
  });

  it('is not stretched by one value far out', () => {
    expect(scale('x', [...Array.from({ length: 500 }, (_, i) => i / 500), 1e9]).reach).toBeLessThan(1);
  });

  it('gives no shade to what is no number', () => {
    const one = scale('x', [-1, 2]);
    expect([null, undefined, Number.NaN, 0, 2, -1, 99].map((value) => shadeOf(value, one))).toEqual([
      0, 0, 0, 0, 4, -2, 4,
    ]);
  });

  it.each([
    ['dark' as const, '#111217', '#ccccdc'],
    ['light' as const, '#ffffff', '#24292e'],
  ])('can be read on the %s theme', (theme, background, text) => {
    for (let shade = -SHADES; shade <= SHADES; shade++) {
      const paint = shadePaint(shade, { background, text, faintText: text }, theme);
      const [behind, before] = [paint?.background ?? background, paint?.text ?? text].map(parseColor);
      expect(behind && before && contrast(behind, before)).toBeGreaterThanOrEqual(AA);
    }
  });
});
