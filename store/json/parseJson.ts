import { isUtf8 } from 'node:buffer';
import { StoreError } from '../StoreError';
import { findJsonError } from './findJsonError';

/** Deeper nesting is refused: what walks a value later may recurse. */
const MAX_DEPTH = 100;

const LONE_SURROGATE_POSSIBLE = /\\u[dD][89a-fA-F]/;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** UTF-8 bytes to text, without a byte order mark. Throws `invalid_json` for bytes that are not UTF-8. */
export function decodeText(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw new StoreError('invalid_json', 'The body is not valid UTF-8.');
  }
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** The JSON value of a body. */
export function parseBody(bytes: Buffer): unknown {
  if (bytes.length === 0) {
    throw new StoreError('invalid_request', 'The body is empty; it must be a JSON object.');
  }
  return parseJson(decodeText(bytes));
}

/** Parses one JSON text. `prefix` begins a message: `Line 3: `. A lone surrogate becomes U+FFFD, in names too. */
export function parseJson(text: string, prefix = ''): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column, problem } = findJsonError(text);
    const where = prefix === '' ? `Line ${line}, column ${column}: ` : `${prefix}column ${column}: `;
    throw new StoreError('invalid_json', `The body is not JSON. ${where}${problem}.`);
  }
  if (exceedsDepth(value, MAX_DEPTH)) {
    throw new StoreError('limit_exceeded', `${prefix}The body is nested deeper than the limit of ${MAX_DEPTH}.`);
  }
  return LONE_SURROGATE_POSSIBLE.test(text) ? wellFormed(value) : value;
}

/** One value a line; empty lines are skipped, and counted. */
export function parseNdjson(text: string): Array<{ line: number; value: unknown }> {
  const values: Array<{ line: number; value: unknown }> = [];
  let line = 0;
  for (let from = 0; from < text.length; line++) {
    const newline = text.indexOf('\n', from);
    const to = newline === -1 ? text.length : newline;
    const one = text.slice(from, to);
    if (one.trim() !== '') {
      values.push({ line: line + 1, value: parseJson(one, `Line ${line + 1}, `) });
    }
    from = to + 1;
  }
  return values;
}

function exceedsDepth(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  if (left === 0) {
    return true;
  }
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof inner === 'object' && exceedsDepth(inner, left - 1)) {
      return true;
    }
  }
  return false;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(LONE_SURROGATES, '\ufffd');
  }
  if (Array.isArray(value)) {
    return value.map(wellFormed);
  }
  if (typeof value === 'object' && value !== null) {
    // fromEntries, so that a field named __proto__ stays a field.
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [wellFormed(name), wellFormed(field)]));
  }
  return value;
}
