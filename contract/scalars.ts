import { type Static, type TSchema, Type } from 'typebox';
import { LIMITS } from './limits';

/** An id or a name: 1–256 characters of any kind. In a path it is percent-encoded. */
export const Name = Type.String({ minLength: 1, maxLength: LIMITS.nameChars });

/** A training step: a safe integer, so that it survives JavaScript and JSON unchanged. */
export const Step = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });

/** Wall-clock time in whole epoch milliseconds, within what a JavaScript `Date` can hold. */
export const Time = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });

/** Numbers that JSON cannot write travel as these strings. */
export const NON_FINITE = ['NaN', 'Infinity', '-Infinity'] as const;
export const NonFinite = Type.Enum([...NON_FINITE]);

/** A metric's value. */
export const MetricValue = Type.Union([Type.Number(), NonFinite]);
export type MetricValue = Static<typeof MetricValue>;

/** A metric's value as it is logged: an integer beyond 2^53 may also be the text of its digits, and is rounded. */
export const LoggedValue = Type.Union([
  Type.Number(),
  NonFinite,
  Type.String({ pattern: '^-?[1-9][0-9]{15,99}$', title: 'the digits of a large integer' }),
]);

/** An opaque commit position of the store: what was committed up to it is what an answer shows. */
export const AsOf = Type.String({ minLength: 1, maxLength: 64 });

export const Count = Type.Integer({ minimum: 0 });

/** Any JSON value; a cell of a table, or a config value. An integer beyond 2^53 is the text of its digits. */
export const Json = Type.Unknown();

/** An object that refuses fields it does not know: silent loss is the worst fault of ingestion. */
export const strict = { additionalProperties: false } as const;

/**
 * An object from names to values. `Type.Record` would let names with a line break pass unchecked: its pattern's `.`
 * stops there.
 */
export function byName<T extends TSchema>(value: T, options: object = {}) {
  const names = { minLength: 1, maxLength: LIMITS.nameChars };
  return Type.Unsafe<Record<string, Static<T>>>({
    type: 'object',
    additionalProperties: value,
    propertyNames: names,
    ...options,
  });
}
