import { charCount } from '@rolloscope/contract/charCount';

/**
 * A value with no text longer than `chars` characters, for a reader who has to read it all. A longer text ends with how
 * long it is: `length` characters, where the value was cut before. A list or an object whose JSON is longer becomes its
 * beginning, as text.
 */
export function cutText(value: unknown, chars: number, length?: number): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Characters are at most as many as UTF-16 units.
  const isShort = text === undefined || text.length <= chars || charCount(text) <= chars;
  if (isShort && length === undefined) {
    return value;
  }
  const begin = isShort
    ? text
    : Array.from(text.slice(0, 2 * chars))
        .slice(0, chars)
        .join('');
  return `${begin}… [cut: ${length ?? charCount(text)} characters]`;
}

/** The same of each value of a record. */
export const cutTexts = (values: Readonly<Record<string, unknown>>, chars: number): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, cutText(value, chars)]));

/** Gives what `make` gives with `chars` for each text, halved until its JSON is no longer than `most`, or at 1. */
export function fitText<T extends object>(make: (chars: number) => T, chars: number, most: number): T {
  let given = make(chars);
  for (let room = chars; JSON.stringify(given).length > most && room > 1; ) {
    room = Math.floor(room / 2);
    given = make(room);
  }
  return given;
}
