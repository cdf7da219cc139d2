import { isObject } from '@rolloscope/contract/isObject';
import { JsonBound, JsonFault } from '../json/bounds';
import { lineAndColumn } from '../json/lineAndColumn';
import { parseInTurns } from '../json/parseInTurns';
import { PYTHON } from '../json/parsePythonJson';
import { StoreError } from '../StoreError';

export { isObject };

/** JSON as Python writes it, in turns. Throws `invalid_request` or `limit_exceeded`, which begin with `where`. */
export async function readJson(text: string | Buffer, where: string): Promise<unknown> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  try {
    return await parseInTurns(bytes, PYTHON);
  } catch (cause) {
    if (cause instanceof JsonBound) {
      throw new StoreError('limit_exceeded', `${where} ${cause.message}.`);
    }
    if (cause instanceof JsonFault) {
      const { line, column } = await lineAndColumn(bytes, cause.at);
      throw new StoreError(
        'invalid_request',
        `${where} is not JSON: line ${line}, column ${column}: ${cause.problem}.`,
      );
    }
    throw cause;
  }
}

export async function readObject(text: string | Buffer, where: string): Promise<Record<string, unknown>> {
  return requireObject(await readJson(text, where), where);
}

export function requireObject(value: unknown, where: string): Record<string, unknown> {
  if (!isObject(value)) {
    throw new StoreError('invalid_request', `${where} must be a JSON object.`);
  }
  return value;
}
