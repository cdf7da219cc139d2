import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRecord } from './csv';

/** Any text, halves of surrogate pairs too, rich in the characters that matter here. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'",\r\n=+-@\t1'),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    ),
  )
  .map((characters) => characters.join(''));

/** RFC 4180 read back. */
function readRecord(text: string): string[] {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)];
  expect(cells.map(([whole]) => whole).join('')).toBe(text);
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

describe('csvRecord', () => {
  it('quotes, keeps newlines, leaves null empty', () => {
    expect(csvRecord(['a', 'say "hi"', 'x,y', null, 'one\ntwo', undefined])).toBe(
      'a,"say ""hi""","x,y",,"one\ntwo",\r\n',
    );
  });

  it.each(['=1+1', '+cmd', '-cmd|x', '@SUM(A1)', '\tx', '\r=1', '- a list'])('disarms %j', (text) => {
    expect(readRecord(csvRecord([text]))).toEqual([`'${text}`]);
  });

  it.each([-0.1, 0.1 + 0.2, 1e21, -0, Number.NaN, '-0.1', '+5', '-1e-7'])('leaves the number %s exact', (value) => {
    expect(csvRecord([value])).toBe(`${Object.is(value, -0) ? '-0' : value}\r\n`);
  });

  it('writes objects as JSON', () => {
    expect(readRecord(csvRecord([{ a: ['=1', 2] }, true]))).toEqual(['{"a":["=1",2]}', 'true']);
  });

  it('reads back to what was written, disarmed or not', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 6 }), (cells) => {
        const read = readRecord(csvRecord(cells));
        expect(read.map((cell, i) => (cell === cells[i] ? cell : cell.slice(1)))).toEqual(cells);
      }),
    );
  });

  it('never lets a text begin a formula', () => {
    const start = fc.constantFrom('=', '+', '-', '@', '\t', '\r');
    fc.assert(
      fc.property(start, anyText, (first, rest) => {
        const [cell = ''] = readRecord(csvRecord([first + rest]));
        return cell.startsWith("'") || !Number.isNaN(Number(cell));
      }),
    );
  });
});

const field = (cell: unknown) => csvRecord([cell]).slice(0, -2);

describe('a field of a csvRecord', () => {
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
