import { useEffect, useState } from 'react';
import { faultText } from '../data/faultText';
import type { TableData } from '../data/TableData';
import { type Collected, collectRows, refusal } from './collectRows';
import type { BundleScope } from './scopes';

/** The rows of a scope as far as they are here: `done` rows `of` all. */
interface Collecting {
  collected?: Collected;
  /** The reason why they cannot be had, or not all in one file. */
  fault?: string;
  done: number;
  of: number;
}

/** The whole rows of a scope; it ends when another one is chosen, and when nobody asks any more. */
export function useCollected(data: TableData, scope: BundleScope): Collecting {
  const [state, setState] = useState<Collecting & { scope?: BundleScope }>({ done: 0, of: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the table is that of the moment when somebody asked
  useEffect(() => {
    const tooMany = refusal(scope.rows);
    if (tooMany !== undefined) {
      setState({ scope, fault: tooMany, done: 0, of: 0 });
      return undefined;
    }
    const abort = new AbortController();
    const set = (next: Collecting) => !abort.signal.aborted && setState({ scope, ...next });
    set({ done: 0, of: scope.rows ?? 0 });
    collectRows(data, scope, abort.signal, (done, of) => set({ done, of })).then(
      (collected) => set({ collected, done: collected.rows.length, of: collected.rows.length }),
      (fault: unknown) => set({ fault: faultText(fault), done: 0, of: 0 }),
    );
    return () => abort.abort();
  }, [scope]);
  return state.scope === scope ? state : { done: 0, of: 0 };
}
