import { RE2JS } from 're2js';
import { checkPatternSizes } from '../patterns/checkPatterns';
import { StoreError } from '../StoreError';

/** A pattern in RE2's syntax, which has no look-around and no back-references and runs in linear time. */
export function compilePattern(pattern: string): RE2JS {
  checkPatternSizes([pattern]);
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError('invalid_pattern', `The pattern ${JSON.stringify(pattern)} is not valid RE2: ${reason}.`);
  }
}
