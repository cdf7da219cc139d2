import type { FrameRun, MetricSource } from '@rolloscope/contract/frames';
import { LIMITS } from '@rolloscope/contract/limits';
import type { MetricInfo } from '@rolloscope/contract/types';
import { useEffect, useRef, useState } from 'react';

interface Catalogue {
  metrics: readonly MetricInfo[];
  /** True when the store has further metrics than it lists at once. */
  isCut: boolean;
}

/** Typing is over when no key has come for so long, in milliseconds. */
const SETTLE = 250;

/**
 * Every metric of the runs. It is read again when a run has logged, and only then: an update of the dashboard that brings
 * nothing asks for nothing here. Where there are more than the store lists at once, the search is the store's.
 */
export function useCatalogue(
  source: MetricSource | null | undefined,
  runs: readonly FrameRun[],
  search: string,
): { catalogue: Catalogue | undefined; fault: string | undefined } {
  const [catalogue, setCatalogue] = useState<Catalogue>();
  const [fault, setFault] = useState<string>();
  const wasCut = useRef(false);
  const ids = JSON.stringify(runs.map(({ id }) => id));
  const heard = runs.reduce((last, { updatedAt }) => Math.max(last, updatedAt), 0);
  const words = search.trim().split(/\s+/);
  // One word without stars is what the store can look for.
  const [word = ''] = words.length === 1 && !search.includes('*') ? words : [];
  const q = wasCut.current ? word : '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: `heard` says that there is something new to read
  useEffect(() => {
    if (!source || ids === '[]') {
      return undefined;
    }
    const abort = new AbortController();
    const ask = () =>
      source
        .listMetrics(
          { runs: JSON.parse(ids) as string[], limit: LIMITS.listEntries, ...(q !== '' && { q }) },
          abort.signal,
        )
        .then(({ metrics, truncated = false }) => {
          wasCut.current ||= truncated;
          setCatalogue({ metrics, isCut: truncated });
          setFault(undefined);
        })
        .catch((error: unknown) => {
          if (!abort.signal.aborted) {
            setFault(error instanceof Error ? error.message : String(error));
          }
        });
    const timer = setTimeout(ask, q === '' ? 0 : SETTLE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [source, ids, heard, q]);
  return { catalogue, fault };
}
