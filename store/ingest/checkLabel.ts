import type { LabelPut } from '@rolloscope/contract/types';
import type { LabelEntry } from '../engine/EngineReads';
import { StoreError } from '../StoreError';

/** The changes that a person makes: what is left out stays as it is. */
export type LabelChanges = Partial<Pick<LabelEntry, 'star' | 'verdict' | 'comment' | 'version'>>;

/** Throws `invalid_request` for a change of nothing, and for a verdict that is not one of the team's. */
export function checkLabel({ star, verdict, comment, version }: LabelPut, verdicts: readonly string[]): LabelChanges {
  if (star === undefined && verdict === undefined && comment === undefined) {
    throw new StoreError('invalid_request', 'The body must have star, verdict or comment.');
  }
  if (typeof verdict === 'string' && !verdicts.includes(verdict)) {
    const all = verdicts.map((one) => JSON.stringify(one)).join(', ');
    throw new StoreError('invalid_request', `verdict must be one of ${all}, not ${JSON.stringify(verdict)}.`);
  }
  return {
    ...(star !== undefined && { star }),
    ...(verdict !== undefined && { verdict }),
    ...(comment !== undefined && { comment: comment?.trim() ? comment : null }),
    ...(version !== undefined && { version }),
  };
}
