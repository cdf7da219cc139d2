import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLargeInteger, parseExactJson } from './exactJson';

describe('parseExactJson', () => {
  it('keeps integers beyond 2^53 as texts of their digits, wherever they stand', () => {
    expect(
      parseExactJson(
        '{"id":9007199254740993,"n":[-12345678901234567890,9007199254740991,1],"x":{"y": 9007199254740992}}',
      ),
    ).toEqual({
      id: '9007199254740993',
      n: ['-12345678901234567890', 9007199254740991, 1],
      x: { y: '9007199254740992' },
    });
    expect(parseExactJson('18446744073709551615')).toBe('18446744073709551615');
  });

  it('leaves texts, fractions and exponents alone', () => {
    const text =
      '{"12345678901234567890":"a \\"12345678901234567890","f":0.12345678901234567,"g":12345678901234567.5,"e":1234567890123456789e2}';
    expect(parseExactJson(text)).toEqual(JSON.parse(text));
    expect(() => parseExactJson('[12345678901234567890')).toThrow(SyntaxError);
  });

  it('is JSON.parse for all other JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        const isLarge = /\d{16}/.test(text);
        expect(isLarge ? '' : parseExactJson(text)).toEqual(isLarge ? '' : JSON.parse(text));
      }),
    );
  });

  it('gives back every integer to the digit', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n })), (numbers) => {
        expect((parseExactJson(`[${numbers.join(' , ')}]`) as unknown[]).map(String)).toEqual(numbers.map(String));
      }),
    );
  });
});

it('isLargeInteger', () => {
  expect(
    ['9007199254740992', '-9007199254740992', '9007199254740991', '0012345678901234567890', '1e20', 'x'].map(
      isLargeInteger,
    ),
  ).toEqual([true, true, false, false, false, false]);
});
