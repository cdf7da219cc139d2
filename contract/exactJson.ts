/*
 * Integers beyond 2^53 (ids, hashes, seeds and nanoseconds of 64 bits) are no JavaScript numbers: `JSON.parse` gives the
 * nearest one, by which two ids become one. By one rule, wherever JSON is read, such an integer is the text of its digits;
 * all other numbers stay numbers.
 */

/** Sixteen digits that are not of a fraction: 2^53 has as many. */
const MAY_BE_LARGE = /(?<![.\d])\d{16}/;
const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;
const DIGITS = /^-?[1-9]\d{15,}$/;

/** Says whether a text is an integer that a number does not hold to the digit. */
export const isLargeInteger = (text: string): boolean => DIGITS.test(text) && !Number.isSafeInteger(Number(text));

/** `JSON.parse`, with integers beyond 2^53 as texts of their digits. Throws its `SyntaxError`. */
export function parseExactJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return MAY_BE_LARGE.test(text) ? JSON.parse(quoteLargeIntegers(text)) : value;
}

/** JSON text with integers beyond 2^53 in quotes; nothing else is changed, also of a text that is no JSON. */
export function quoteLargeIntegers(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at);
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      NUMBER.lastIndex = at;
      const [found, fraction, exponent] = NUMBER.exec(text) ?? [];
      if (found !== undefined) {
        if (fraction === undefined && exponent === undefined && isLargeInteger(found)) {
          parts.push(text.slice(from, at), `"${found}"`);
          from = at + found.length;
        }
        at += found.length - 1;
      }
    }
  }
  return parts.join('') + text.slice(from);
}

/** Finds the closing quote of the string that begins at `start`, which no backslash escapes; else the text's end. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') {
      backslashes++;
    }
    if (backslashes % 2 === 0) {
      return end;
    }
  }
  return text.length;
}
