import { SUSPICIONS, SUSPICIONS_COLUMN } from '@rolloscope/contract';
import type { Derived } from '../ingest/Derived';
import type { Steps } from '../Turn';
import { isMuchLonger, middleLengths } from './lengthDrift';
import { signsOf } from './signsOf';

/** The columns that the signs are looked for in, a row each. */
export interface Looked {
  responses: readonly (string | null)[];
  prompts: readonly (string | null)[] | undefined;
  /** Equal for equal prompts. */
  promptHashes: readonly (string | null)[] | undefined;
  chars: readonly (number | null)[];
  repetition: readonly (number | null)[];
}

/** The signs of each response that was logged, as a column. */
export function* suspicionColumn(looked: Looked): Steps<Derived> {
  const { responses, prompts, promptHashes, chars, repetition } = looked;
  const middles = promptHashes ? middleLengths(promptHashes, chars) : new Map<string, number>();
  const values: (string | null)[] = [];
  for (const [i, response] of responses.entries()) {
    if (response === null) {
      values.push(null);
    } else {
      const found = new Set(signsOf(response, prompts?.[i] ?? null, repetition[i] ?? 0).map(({ sign }) => sign));
      const middle = middles.get(promptHashes?.[i] ?? '');
      if (middle !== undefined && isMuchLonger(chars[i] ?? 0, middle)) {
        found.add('length');
      }
      values.push(found.size === 0 ? '' : SUSPICIONS.filter((sign) => found.has(sign)).join(', '));
    }
    yield;
  }
  return { name: SUSPICIONS_COLUMN, type: 'string', values };
}
