import { parseExactJson } from '@rolloscope/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonBound, JsonFault, MOST_DEPTH, MOST_FIELDS, MOST_VALUES, STRING_BYTES } from './bounds';
import { findJsonFault } from './findJsonError';
import { PLAIN, parseInTurns } from './parseInTurns';
import { PYTHON } from './parsePythonJson';
import { wellFormed } from './wellFormed';

const MB = 1024 * 1024;
const parse = (text: string | Buffer, slice?: number) => parseInTurns(Buffer.from(text as string), PLAIN, slice);
const failure = (text: string, slice?: number) => parse(text, slice).catch((cause: unknown) => cause);

/** Slices so small that everything is put together from parts, and larger ones. */
const slices = fc.integer({ min: 0, max: 40 });

describe('parseInTurns', () => {
  it('gives what JSON.parse gives, with large integers as texts, however it is cut', async () => {
    const spaced = fc.tuple(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t', ' \r\n'));
    await fc.assert(
      fc.asyncProperty(spaced, slices, fc.boolean(), async ([value, space], slice, hasMark) => {
        const text = JSON.stringify(value, undefined, space);
        expect(await parse((hasMark ? '\ufeff' : '') + text, slice)).toEqual(wellFormed(parseExactJson(text)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses what JSON.parse refuses, at the same place', async () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"é\\u00e9"',
      '1',
      '-0.5e3',
      'true',
      ' ',
      '\n',
      'x',
      '"',
      '\\',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 25 }), slices, async (pieces, slice) => {
        const text = pieces.join('');
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          const found = await failure(text, slice);
          expect(found).toBeInstanceOf(JsonFault);
          const at = Buffer.byteLength(text.slice(0, findJsonFault(text).at));
          expect((found as JsonFault).at).toBe(at);
          return;
        }
        expect(await parse(text, slice)).toEqual(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([0, 5, 1_000])('keeps fields of any name, and the last of one that comes twice (%d)', async (slice) => {
    const text =
      '{"__proto__": {"a": [1, 2]}, "toString": 1, "1": 2, "a": 3, "__proto__": {"b": [3, {"c": 4}]}, "a": [5, 6]}';
    const value = (await parse(text, slice)) as object;
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(await parse('["\\ud800", {"\\udc00": "\\ud83d\\ude00"}]', slice)).toEqual(['\ufffd', { '\ufffd': '😀' }]);
  });

  it('takes what Python writes, and tells what else is wrong with it', async () => {
    const text = '{"a": NaN, "b": [-Infinity, Infinity, "NaN"], "c": 1}';
    const expected = { a: 'NaN', b: ['-Infinity', 'Infinity', 'NaN'], c: 1 };
    for (const slice of [0, 10, 1_000]) {
      expect(await parseInTurns(Buffer.from(text), PYTHON, slice)).toEqual(expected);
      const broken = parseInTurns(Buffer.from('{"a": NaN, "b": [-Infinity, x]}'), PYTHON, slice);
      await expect(broken).rejects.toMatchObject({ at: 28 });
    }
  });

  it('refuses bytes that are not UTF-8', async () => {
    await expect(parse(Buffer.from([0x22, 0xff, 0x22]))).rejects.toThrow('UTF-8');
  });
});

describe('bounds', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

  it.each([0, 1_000])('of depth, of one object, of one string (%d)', async (slice) => {
    expect(await parse(nested(MOST_DEPTH), slice)).toHaveLength(1);
    expect(await failure(nested(MOST_DEPTH + 1), slice)).toBeInstanceOf(JsonBound);
    expect(await failure('{"a":'.repeat(200_000), slice)).toBeInstanceOf(JsonBound);
    const fields = Array.from({ length: MOST_FIELDS + 1 }, (_, i) => `"${i}":0`);
    expect(await failure(`{${fields.join()}}`, slice)).toBeInstanceOf(JsonBound);
    expect(Object.keys((await parse(`{${fields.slice(1).join()}}`, slice)) as object)).toHaveLength(MOST_FIELDS);
    expect(await failure(`"${'x'.repeat(STRING_BYTES + MB)}"`, slice)).toBeInstanceOf(JsonBound);
  });

  it('of values', async () => {
    expect(await failure(`[${'0,'.repeat(MOST_VALUES)}0]`)).toBeInstanceOf(JsonBound);
    expect(await failure(`[${'[],'.repeat(MOST_VALUES / 2)}0]`)).toBeInstanceOf(JsonBound);
    expect(await parse(`[${'0,'.repeat(MOST_VALUES - 10)}0]`)).toHaveLength(MOST_VALUES - 9);
  });
});
