/*
 * JSON from a client can hold `{"toString": 1}`, at which JavaScript's own conversions throw.
 */

/** A text for any JSON value. */
export const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);

/** A number, or what a text says of one; NaN for everything else. */
export const numberOf = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
