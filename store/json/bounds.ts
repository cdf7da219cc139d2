/*
 * These are the bounds of JSON from outside, whatever the format that it is of. Code that walks a value later may
 * recurse, and what is made of a value takes memory by the number of its parts.
 */

/** Lists and objects in each other. */
export const MOST_DEPTH = 100;
/** Values in one text, those in lists and objects included; what is logged has 8 bytes and more to each. */
export const MOST_VALUES = 4_000_000;
/** Fields of one object: a larger one takes too long to grow. */
export const MOST_FIELDS = 50_000;
/** Bytes of one string as it is written, escapes included. */
export const STRING_BYTES = 16 * 1024 * 1024;

/** The place where a text stops being JSON: `at` counts UTF-16 units, or bytes where it came as such. */
export class JsonFault extends Error {
  constructor(
    readonly at: number,
    readonly problem: string,
  ) {
    super(problem);
  }
}

/** A text is beyond a bound; the message goes on where "The body" begins. */
export class JsonBound extends Error {}

export const tooDeep = () => new JsonBound(`is nested deeper than the limit of ${MOST_DEPTH}`);
export const tooMany = () => new JsonBound(`has more values than the limit of ${MOST_VALUES}`);
export const tooWide = () => new JsonBound(`has an object with more fields than the limit of ${MOST_FIELDS}`);
export const tooLong = () =>
  new JsonBound(`has a string that takes more than the limit of ${STRING_BYTES / 1024 / 1024} MB`);
