import { LIMITS } from '@rolloscope/contract';
import type { RunSelector } from '@rolloscope/contract/types';
import type { RunEntry } from '../runs/RunEntry';
import { StoreError } from '../StoreError';
import { filterRuns } from './filterRuns';
import { didYouMean } from './nearestName';
import { orderRuns } from './orderRuns';
import type { SelectableRuns } from './SelectableRuns';

/** Runs chosen for a request, and the ids that were asked for and are not there. */
interface ChosenRuns {
  entries: RunEntry[];
  missing: string[];
}

/** The runs that names stand for, each once, and the names that stand for none. */
export function namedRuns(seen: SelectableRuns, names: readonly string[]): ChosenRuns {
  const entries = new Set<RunEntry>();
  const missing: string[] = [];
  for (const name of new Set(names)) {
    const runs = seen.named(name);
    if (runs.length === 0) {
      missing.push(name);
    }
    for (const entry of runs) {
      entries.add(entry);
    }
  }
  return { entries: [...entries], missing };
}

/** Runs by name, or by a filter over their attributes. Throws `run_not_found` when nothing asked for exists. */
export async function chooseRuns(seen: SelectableRuns, selector: RunSelector): Promise<ChosenRuns> {
  const {
    ids,
    where,
    orderBy,
    limit = LIMITS.runs,
  } = Array.isArray(selector) ? { ids: selector, where: [] } : selector;
  const named = ids && namedRuns(seen, ids);
  if (ids && named?.entries.length === 0) {
    const shown = ids.slice(0, 5).map((id) => JSON.stringify(id));
    const [first = ''] = ids;
    const all = seen.all();
    const called = all.find(({ record }) => record.name === first);
    const near = called
      ? `; a run of that name has the id ${JSON.stringify(seen.idOf(called))}.`
      : didYouMean(
          first,
          all.map((entry) => seen.idOf(entry)),
        );
    throw new StoreError('run_not_found', `No such run: ${shown.join(', ')}${near}`);
  }
  if (named && where.length === 0 && orderBy === undefined) {
    return { entries: named.entries.slice(0, limit), missing: named.missing };
  }
  const entries = await seen.inTime(async (timed) =>
    orderRuns(timed, await filterRuns(timed, where, named?.entries), orderBy),
  );
  if (entries.length === 0) {
    throw new StoreError('run_not_found', 'No run fits the filter.');
  }
  return { entries: entries.slice(0, limit), missing: named?.missing ?? [] };
}
