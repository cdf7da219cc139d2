import { LIMITS } from '@rolloscope/contract';
import type { RunSelector } from '@rolloscope/contract/types';
import { withinTime } from '../pacing/withinTime';
import type { RunEntry } from '../runs/RunBook';
import { StoreError } from '../StoreError';
import { filterRuns } from './filterRuns';
import { orderRuns } from './orderRuns';
import type { SelectableRuns } from './SelectableRuns';

/** Runs chosen for a request, and the ids that were asked for and are not there. */
export interface ChosenRuns {
  entries: RunEntry[];
  missing: string[];
}

/** Runs by id, or by a filter over their attributes. Throws `run_not_found` when nothing asked for exists. */
export async function chooseRuns(seen: SelectableRuns, selector: RunSelector): Promise<ChosenRuns> {
  if (Array.isArray(selector)) {
    const ids = [...new Set(selector)];
    // Two ids may be of one run: the one that its project gave it, and the store's.
    const entries = [...new Set(ids.flatMap((id) => seen.find(id) ?? []))];
    if (entries.length === 0) {
      const shown = ids.slice(0, 5).map((id) => JSON.stringify(id));
      throw new StoreError('run_not_found', `No such run: ${shown.join(', ')}.`);
    }
    return { entries, missing: ids.filter((id) => !seen.find(id)) };
  }
  const { where, orderBy, limit = LIMITS.runs } = selector;
  const entries = await withinTime(async () => orderRuns(seen, await filterRuns(seen, where), orderBy));
  if (entries.length === 0) {
    throw new StoreError('run_not_found', 'No run fits the filter.');
  }
  return { entries: entries.slice(0, limit), missing: [] };
}
