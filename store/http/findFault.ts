import { LIMITS } from '@rolloscope/contract';
import type { ErrorCode } from '@rolloscope/contract/types';
import { describeSchema, type SchemaNode, showValue } from './describeSchema';

/** The first place where a value breaks its schema, in words that a person understands. */
interface Fault {
  code: Extract<ErrorCode, 'invalid_request' | 'limit_exceeded'>;
  /** The place, such as `entries[3].step`; empty for the whole body. */
  path: string;
  /** The end of a sentence that begins with the place, such as `must be a whole number, not "5"`. */
  problem: string;
}

type Fields = Record<string, unknown>;
const number = new Intl.NumberFormat('en-US');
const limits = new Set<number>(Object.values(LIMITS));

const fault = (path: string, problem: string): Fault => ({ code: 'invalid_request', path, problem });
const beyond = (path: string, problem: string): Fault => ({ code: 'limit_exceeded', path, problem });

/**
 * The first fault of a value that a compiled schema refused; undefined when `value` holds. TypeBox locates errors, too
 * (`Errors` of a compiled schema, with path and keyword), and is not asked: it looks at all of the value before it tells
 * the first, and of alternatives it tells the first eight errors, which need not be those of the one that was meant. See
 * `docs/decisions/bodies.md`.
 */
export function findFault(schema: SchemaNode, value: unknown, path = ''): Fault | undefined {
  if (schema.anyOf) {
    return inUnion(schema.anyOf, value, path);
  }
  if (schema.enum || 'const' in schema) {
    const allowed = schema.enum ?? [schema.const];
    return allowed.includes(value) ? undefined : mismatch(schema, value, path);
  }
  switch (schema.type) {
    case 'object':
      return isFields(value) ? inObject(schema, value, path) : mismatch(schema, value, path);
    case 'array':
      return Array.isArray(value) ? inArray(schema, value, path) : mismatch(schema, value, path);
    case 'string':
      return typeof value === 'string' ? inString(schema, value, path) : mismatch(schema, value, path);
    case 'number':
    case 'integer':
      return inNumber(schema, value, path);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : mismatch(schema, value, path);
    case 'null':
      return value === null ? undefined : mismatch(schema, value, path);
    default:
      return undefined;
  }
}

/** Says whether a value is a JSON object. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mismatch(schema: SchemaNode, value: unknown, path: string): Fault {
  return fault(path, `must be ${describeSchema(schema)}, not ${showValue(value)}`);
}

/** The fault of a union: the alternative that the value came furthest in is taken for the one that was meant. */
function inUnion(alternatives: SchemaNode[], value: unknown, path: string): Fault | undefined {
  let deepest: Fault | undefined;
  for (const alternative of alternatives) {
    const found = findFault(alternative, value, path);
    if (!found) {
      return undefined;
    }
    const isMeant = found.path.length > path.length || found.code === 'limit_exceeded' || sameKind(alternative, value);
    if (isMeant && (!deepest || found.path.length > deepest.path.length)) {
      deepest = found;
    }
  }
  return deepest ?? mismatch({ anyOf: alternatives }, value, path);
}

function sameKind({ type, enum: values, pattern }: SchemaNode, value: unknown): boolean {
  if (values || pattern !== undefined) {
    return false;
  }
  return Array.isArray(value) ? type === 'array' : isFields(value) ? type === 'object' : type === typeof value;
}

function inObject(schema: SchemaNode, value: Fields, path: string): Fault | undefined {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  for (const [name, field] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!known && additionalProperties === false) {
      const names = Object.keys(properties);
      return fault(path, `has an unknown field ${showValue(name)}; known are ${names.join(', ') || 'none'}`);
    }
    const misnamed = !known && propertyNames && findFault({ type: 'string', ...propertyNames }, name);
    if (misnamed) {
      return { ...misnamed, path, problem: `has a name that ${misnamed.problem}` };
    }
    const inner = known ?? (typeof additionalProperties === 'object' ? additionalProperties : {});
    const found = findFault(inner, field, joinPath(path, name));
    if (found) {
      return found;
    }
  }
  const missing = required.find((name) => !Object.hasOwn(value, name));
  return missing === undefined ? undefined : fault(joinPath(path, missing), 'is missing');
}

function inArray(schema: SchemaNode, value: unknown[], path: string): Fault | undefined {
  const { items = {}, minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems } = schema;
  if (value.length > maxItems) {
    return beyond(path, `has ${number.format(value.length)} entries; the limit is ${number.format(maxItems)}`);
  }
  if (value.length < minItems) {
    return fault(path, `has ${value.length} entries and needs at least ${minItems}`);
  }
  for (const [index, item] of value.entries()) {
    const found = findFault((Array.isArray(items) ? items[index] : items) ?? {}, item, `${path}[${index}]`);
    if (found) {
      return found;
    }
  }
  if (uniqueItems && new Set(value.map((item) => JSON.stringify(item))).size < value.length) {
    return fault(path, 'has an entry twice');
  }
  return undefined;
}

function inString(schema: SchemaNode, value: string, path: string): Fault | undefined {
  const length = [...value].length;
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
  if (length > maxLength) {
    return beyond(path, `has ${number.format(length)} characters; the limit is ${number.format(maxLength)}`);
  }
  if (length < minLength) {
    return fault(path, 'must not be empty');
  }
  const holds = pattern === undefined || new RegExp(pattern, 'u').test(value);
  return holds ? undefined : fault(path, `is ${showValue(value)}, which does not have the form ${pattern}`);
}

function inNumber(schema: SchemaNode, value: unknown, path: string): Fault | undefined {
  const { type, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (typeof value !== 'number' || !Number.isFinite(value) || (type === 'integer' && !Number.isInteger(value))) {
    return fault(path, `must be ${type === 'integer' ? 'a whole number' : 'a number'}, not ${showValue(value)}`);
  }
  if (value > maximum && limits.has(maximum)) {
    return beyond(path, `is ${number.format(value)}; the limit is ${number.format(maximum)}`);
  }
  return value < minimum || value > maximum ? mismatch(schema, value, path) : undefined;
}

/** The path of a field. */
export function joinPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) {
    return `${path}[${showValue(name)}]`;
  }
  return path === '' ? name : `${path}.${name}`;
}
