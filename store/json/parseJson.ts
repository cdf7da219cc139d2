import { StoreError } from '../StoreError';
import { Turn } from '../Turn';
import { JsonBound, JsonFault, MOST_DEPTH, tooDeep } from './bounds';
import { findJsonError } from './findJsonError';
import { lineAndColumn } from './lineAndColumn';
import { PLAIN, parseInTurns } from './parseInTurns';
import { wellFormed } from './wellFormed';

const NEWLINE = 0x0a;
/** Bytes of white space that are looked at before others get their turn. */
const LOOK = 512 * 1024;

/** The JSON value of a body. Throws `invalid_request`, `invalid_json` or `limit_exceeded`. */
export async function parseBody(bytes: Buffer): Promise<unknown> {
  if (bytes.length === 0) {
    throw new StoreError('invalid_request', 'The body is empty; it must be a JSON object.');
  }
  return parse(bytes);
}

/** The JSON of a short text of this machine's own. A lone surrogate becomes U+FFFD, in names too. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column, problem } = findJsonError(text);
    throw new StoreError('invalid_json', `The body is not JSON. Line ${line}, column ${column}: ${problem}.`);
  }
  if (exceedsDepth(value, MOST_DEPTH)) {
    throw new StoreError('limit_exceeded', `The body ${tooDeep().message}.`);
  }
  return wellFormed(value);
}

/**
 * One value a line, as they come; empty lines are passed over, and counted. What is wrong is told by its line. Throws
 * what `parseBody` throws.
 */
export async function* parseNdjson(bytes: Buffer): AsyncGenerator<{ line: number; value: unknown }> {
  const turn = new Turn();
  let line = 0;
  for (let from = 0; from < bytes.length; ) {
    line++;
    let blank = true;
    let to = from;
    while (to < bytes.length && bytes[to] !== NEWLINE) {
      blank &&= isSpace(bytes[to]);
      to++;
      if (to % LOOK === 0 && turn.isOver) {
        await turn.next();
      }
    }
    if (!blank) {
      yield { line, value: await parse(bytes.subarray(from, to), line) };
    }
    if (line % 1_024 === 0 && turn.isOver) {
      await turn.next();
    }
    from = to + 1;
  }
}

/** `line`: of NDJSON. */
async function parse(bytes: Buffer, line?: number): Promise<unknown> {
  try {
    return await parseInTurns(bytes, PLAIN);
  } catch (cause) {
    if (cause instanceof JsonBound) {
      const where = line === undefined ? '' : `Line ${line}: `;
      throw new StoreError('limit_exceeded', `${where}The body ${cause.message}.`);
    }
    if (cause instanceof JsonFault) {
      const place = await lineAndColumn(bytes, cause.at);
      const where = `Line ${line ?? place.line}, column ${place.column}`;
      throw new StoreError('invalid_json', `The body is not JSON. ${where}: ${cause.problem}.`);
    }
    throw cause;
  }
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x09 || byte === 0x0d;

function exceedsDepth(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return left === 0 || Object.values(value).some((inner) => exceedsDepth(inner, left - 1));
}
