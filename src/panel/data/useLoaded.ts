import { useEffect, useState } from 'react';
import { faultText } from './faultText';

export interface Loaded<T> {
  value?: T;
  fault?: string;
  isLoading: boolean;
  retry: () => void;
}

/**
 * Returns what `load` gives, loaded anew whenever `key` changes, and, where it is given, with each new `state` of the
 * data. What was there stays until the new is.
 */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>, state?: object): Loaded<T> {
  const [settled, settle] = useState<{ key: string; value?: T; fault?: string }>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says when `load` would give something else
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => !abort.signal.aborted && settle({ key, value }),
      (error: unknown) => !abort.signal.aborted && settle({ key, fault: faultText(error) }),
    );
    return () => abort.abort();
  }, [key, state, attempt]);
  const isHere = settled?.key === key;
  return {
    ...(settled?.value !== undefined && { value: settled.value }),
    ...(isHere && settled.fault !== undefined && { fault: settled.fault }),
    isLoading: !isHere,
    retry: () => {
      settle(undefined);
      setAttempt((times) => times + 1);
    },
  };
}
