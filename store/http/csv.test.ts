import { describe, expect, it } from 'vitest';
import { csvRecord } from './csv';

const field = (cell: unknown) => csvRecord([cell]).slice(0, -2);

describe('csvRecord', () => {
  it('follows RFC 4180', () => {
    expect(csvRecord(['a', 'b c', 'say "hi"', 'x,y', null])).toBe('a,b c,"say ""hi""","x,y",\r\n');
    expect(field('one\ntwo\r\nthree')).toBe('"one\ntwo\r\nthree"');
  });

  it.each(['=1+1', '+cmd', '-cmd|x', '@SUM(A1)', '\tx'])('disarms %j', (text) => {
    expect(field(text)).toBe(`'${text}`);
  });

  it('disarms inside quotes too', () => {
    expect(field('=HYPERLINK("http://x","y")')).toBe(`"'=HYPERLINK(""http://x"",""y"")"`);
    expect(field('\r=1')).toBe(`"'\r=1"`);
  });

  it.each(['-0.1', '+5', '-1e-7', '.5', '-12.', '-Infinity', 'NaN', 'a=b'])('leaves %s alone', (text) => {
    expect(field(text)).toBe(text);
  });

  it('writes numbers exactly', () => {
    expect([0.1 + 0.2, -0, 1e21, -1.5, 5e-324].map(field)).toEqual([
      '0.30000000000000004',
      '-0',
      '1e+21',
      '-1.5',
      '5e-324',
    ]);
  });

  it('writes booleans and JSON', () => {
    expect(field(true)).toBe('true');
    expect(field({ a: ['=1', 2] })).toBe('"{""a"":[""=1"",2]}"');
  });
});
