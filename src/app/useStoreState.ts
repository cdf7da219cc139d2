import type { DataSourceInstanceSettings } from '@grafana/data';
import { useCallback, useEffect, useState } from 'react';
import { askStore, type StoreState } from './stores';

/** Milliseconds between looks at a store that has no run yet: somebody is waiting for the first one. */
const LOOK_AGAIN = 10_000;

/** Returns what a store says of itself; undefined while it is asked. `ask` asks again. */
export function useStoreState(store: DataSourceInstanceSettings): { state: StoreState | undefined; ask(): void } {
  const [state, setState] = useState<StoreState>();
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks again
  useEffect(() => {
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const found = await askStore(store);
      if (isWanted) {
        setState(found);
        timer = found.isWell && !found.newest ? setTimeout(lookIfSeen, LOOK_AGAIN) : undefined;
      }
    };
    const lookIfSeen = () => {
      if (document.hidden) {
        timer = setTimeout(lookIfSeen, LOOK_AGAIN);
      } else {
        void look();
      }
    };
    void look();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [store, round]);
  const ask = useCallback(() => {
    setState(undefined);
    setRound((last) => last + 1);
  }, []);
  return { state, ask };
}
