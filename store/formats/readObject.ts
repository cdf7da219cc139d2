import { parsePythonJson } from '../json/parsePythonJson';
import { StoreError } from '../StoreError';

/** What walks a value later may recurse. */
const MAX_DEPTH = 100;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON as Python writes it. Throws `invalid_request`, which begins with `where`. */
export function readJson(text: string, where: string): unknown {
  let value: unknown;
  try {
    value = parsePythonJson(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError('invalid_request', `${where} is not JSON: ${reason.slice(0, 200)}.`);
  }
  if (isDeeper(value, MAX_DEPTH)) {
    throw new StoreError('limit_exceeded', `${where} is nested deeper than the limit of ${MAX_DEPTH}.`);
  }
  return value;
}

export function readObject(text: string, where: string): Record<string, unknown> {
  return requireObject(readJson(text, where), where);
}

export function requireObject(value: unknown, where: string): Record<string, unknown> {
  if (!isObject(value)) {
    throw new StoreError('invalid_request', `${where} must be a JSON object.`);
  }
  return value;
}

function isDeeper(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return left === 0 || Object.values(value).some((inner) => isDeeper(inner, left - 1));
}
