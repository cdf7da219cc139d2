import { AdapterSession, type StateKind } from '../adapters/AdapterSession';
import type { RunRecord } from '../engine/Engine';
import type { NewestCompletions } from './withoutRepeats';

/** Nothing of a trackio run outlives the process: each call has an id of its own, and what it repeats came just before. */
const NO_STATE: StateKind<object> = { key: 'trackio', empty: () => ({}) };

/** A trackio run while its clients log. */
export class TrackioSession extends AdapterSession<object> {
  /** True where its newest call with metrics was one of an eval. */
  isEval = false;
  readonly newest: NewestCompletions = {};

  constructor(record: RunRecord) {
    super(record, NO_STATE, new Map());
  }
}
