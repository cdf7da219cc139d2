import type { LoggedTable, Role } from '@rolloscope/contract/types';
import type { Steps } from '../Turn';
import { columnRoles } from './columnRoles';
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
  given: Readonly<Record<string, Role | null>> = {},
): Steps<LoggedTable> {
  const functions = yield* rewardFunctions(table, hints);
  if (functions.length === 0) {
    return yield* rolloutTable(table, given);
  }
  const rewarded = yield* withRewards(table, functions, hints);
  return yield* rolloutTable(rewarded.table, { ...rewarded.roles, ...given });
}

/**
 * The same for a table of which nothing is known but its columns: it may be no rollouts at all. Where `generation`,
 * `input` and the like hold numbers alone they count something, and play no role.
 */
export function* clientTable(
  table: WideTable,
  hints?: RewardHints,
  given: Readonly<Record<string, Role>> = {},
): Steps<LoggedTable> {
  const named = columnRoles(table.columns);
  const counts: string[] = [];
  for (const [i, name] of table.columns.entries()) {
    if (TEXTS.includes(named[i]?.role)) {
      if (!(yield* areNumbers(table, i))) {
        return yield* completionsTable(table, hints, given);
      }
      counts.push(name);
    }
  }
  return yield* completionsTable(table, hints, {
    ...Object.fromEntries(counts.map((name) => [name, null])),
    ...given,
  });
}

const TEXTS: readonly (Role | null | undefined)[] = ['prompt', 'response', 'messages'];

function* areNumbers({ rows }: WideTable, column: number): Steps<boolean> {
  for (const row of rows) {
    if (typeof row[column] !== 'number') {
      return false;
    }
    yield;
  }
  return rows.length > 0;
}
