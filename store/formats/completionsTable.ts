import type { LoggedTable, Role } from '@rolloscope/contract/types';
import type { Steps } from '../Turn';
import { NO_HINTS, type RewardHints, rewardFunctions, withRewards } from './rewardFunctions';
import { rolloutTable } from './rolloutTable';
import type { WideTable } from './unpivot';

/** TRL logs the completions of its evals under the name of the training's. */
export const COMPLETIONS = 'completions';
export const EVAL_COMPLETIONS = 'eval_completions';

/**
 * A table of rollouts, ready for a log call. Its reward functions, under whatever names, are parts of the reward; where
 * their total is not in it (TRL's `completions`), it is added. A single function is the reward. `given` are roles by the
 * trainer's column names.
 */
export function* completionsTable(
  table: WideTable,
  hints: RewardHints = NO_HINTS,
  given: Readonly<Record<string, Role>> = {},
): Steps<LoggedTable> {
  const functions = yield* rewardFunctions(table, hints);
  if (functions.length === 0) {
    return yield* rolloutTable(table, given);
  }
  const rewarded = yield* withRewards(table, functions, hints);
  return yield* rolloutTable(rewarded.table, { ...rewarded.roles, ...given });
}
