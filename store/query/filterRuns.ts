import { RUN_ATTRIBUTES } from '@rolloscope/contract';
import type { Filter } from '@rolloscope/contract/types';
import { checkPatternSizes, patternsOf } from '../patterns/checkPatterns';
import type { RunEntry } from '../runs/RunEntry';
import { StoreError } from '../StoreError';
import { inTurns, type Steps } from '../Turn';
import { matchRuns, type Undecided } from './matchRuns';
import { isAttribute, RunValues } from './RunValues';
import { type RunCondition, runCondition } from './runCondition';
import type { SelectableRuns } from './SelectableRuns';

/** Throws `unknown_column` for what runs do not have. */
export function requireAttribute(column: string): void {
  if (!isAttribute(column)) {
    const known = RUN_ATTRIBUTES.join(', ');
    throw new StoreError(
      'unknown_column',
      `Runs have no ${JSON.stringify(column)}; they have ${known}, config.*, summary.*.`,
    );
  }
}

/**
 * The runs that hold a filter: of those given, or else of all, in the order of creation, where archived ones are left out
 * unless it speaks of them. However many
 * runs and conditions there are, this takes turns with everything else; and patterns are looked for in threads, last.
 */
export async function filterRuns(seen: SelectableRuns, filter: Filter, of?: readonly RunEntry[]): Promise<RunEntry[]> {
  const conditions = filter.flatMap((part) => ('anyOf' in part ? part.anyOf : [part]));
  checkPatternSizes(patternsOf(filter));
  for (const { column } of conditions) {
    requireAttribute(column);
  }
  const parts = filter.map((part) => ('anyOf' in part ? part.anyOf : [part]).map(runCondition));
  const isArchivedMeant = of !== undefined || conditions.some(({ column }) => column === 'archived');
  const meant = (of ?? seen.all()).filter(({ record }) => isArchivedMeant || !record.archived);
  const held = await inTurns(holding(seen, meant, parts), seen.signal);
  return parts.flat().some(({ pattern }) => pattern !== undefined)
    ? matchRuns(seen, held)
    : held.map(({ entry }) => entry);
}

/** The runs that hold all parts, but for those that only patterns can tell. */
function* holding(
  seen: SelectableRuns,
  runs: readonly RunEntry[],
  parts: readonly (readonly RunCondition[])[],
): Steps<Undecided[]> {
  const held: Undecided[] = [];
  for (const entry of runs) {
    const values = new RunValues(seen, entry);
    const undecided: RunCondition[][] = [];
    let isHeld = true;
    for (let i = 0; isHeld && i < parts.length; i++) {
      const part = parts[i] ?? [];
      const patterns = part.filter(({ pattern }) => pattern !== undefined);
      if (!(yield* holdsAny(part, values))) {
        undecided.push(patterns);
        isHeld = patterns.length > 0;
      }
    }
    if (isHeld) {
      held.push({ entry, parts: undecided });
    }
    yield;
  }
  return held;
}

function* holdsAny(alternatives: readonly RunCondition[], values: RunValues): Steps<boolean> {
  for (const { column, holds } of alternatives) {
    const told = holds(values.of(column));
    if (typeof told === 'boolean' ? told : yield* told) {
      return true;
    }
    yield;
  }
  return false;
}
