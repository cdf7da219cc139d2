import { LIMITS } from '@rolloscope/contract';
import type { Filter } from '@rolloscope/contract/types';
import { StoreError } from '../StoreError';
import { patternSize } from './patternSize';

const count = new Intl.NumberFormat('en-US');

/** Refuses patterns that would take too long over any text, before they are compiled. */
export function checkPatternSizes(patterns: Iterable<string>): void {
  const size = [...new Set(patterns)].reduce((sum, pattern) => sum + patternSize(pattern), 0);
  if (size > LIMITS.patternSteps) {
    const limit = count.format(LIMITS.patternSteps);
    throw new StoreError(
      'limit_exceeded',
      `The pattern has about ${count.format(size)} steps; the limit of all in a request is ${limit} (patternSteps). A repetition such as {300} has 300 times those of what it repeats.`,
    );
  }
}

/** Refuses a text to be contained that is longer than one that is searched for. */
function checkContained(text: string): void {
  if (text.length > LIMITS.searchChars) {
    const [has, limit] = [text.length, LIMITS.searchChars].map((one) => count.format(one));
    throw new StoreError('limit_exceeded', `contains has ${has} characters; the limit is ${limit} (searchChars).`);
  }
}

/** The patterns of a filter; refuses texts that are too long. */
export function patternsOf(filter: Filter): string[] {
  const conditions = filter.flatMap((part) => ('anyOf' in part ? part.anyOf : [part]));
  return conditions.flatMap(({ op, value }) => {
    if (op === 'contains' && typeof value === 'string') {
      checkContained(value);
    }
    return op === 'matches' && typeof value === 'string' ? [value] : [];
  });
}
