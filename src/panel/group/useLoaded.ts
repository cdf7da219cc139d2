import { useEffect, useState } from 'react';
import { faultText } from '../view/faultText';

export interface Loaded<T> {
  value?: T;
  fault?: string;
  isLoading: boolean;
  retry: () => void;
}

/** What `load` gives, loaded anew whenever `key` changes. What was there stays until the new is. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; value?: T; fault?: string }>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says when `load` would give something else
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => !abort.signal.aborted && setState({ key, value }),
      (error: unknown) => !abort.signal.aborted && setState({ key, fault: faultText(error) }),
    );
    return () => abort.abort();
  }, [key, attempt]);
  const isHere = state?.key === key;
  return {
    ...(state?.value !== undefined && { value: state.value }),
    ...(isHere && state.fault !== undefined && { fault: state.fault }),
    isLoading: !isHere,
    retry: () => {
      setState(undefined);
      setAttempt((times) => times + 1);
    },
  };
}
