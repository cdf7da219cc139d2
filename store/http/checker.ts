import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { StoreError } from '../StoreError';
import type { SchemaNode } from './describeSchema';
import { findFault } from './findFault';

/**
 * Gives the value back, typed, or throws `invalid_request` or `limit_exceeded`. `prefix` begins the message; `path` is where
 * the value stands in what came.
 */
export type Check<T> = (value: unknown, prefix?: string, path?: string) => T;

/**
 * Compiles a schema of the contract. `whole` names the value itself in messages: `The body`. Nothing is coerced,
 * filled in or left out.
 */
export function checker<S extends TSchema>(schema: S, whole: string): Check<Static<S>> {
  const compiled = Compile(schema);
  return (value, prefix = '', path = '') => {
    if (!compiled.Check(value)) {
      const found = findFault(schema as SchemaNode, value, path);
      const message = found ? `${found.path || whole} ${found.problem}` : `${whole} does not have the expected form`;
      throw new StoreError(found?.code ?? 'invalid_request', `${prefix}${message}.`);
    }
    return value as Static<S>;
  };
}
