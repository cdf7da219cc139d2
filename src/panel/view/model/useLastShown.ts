import { useRef } from 'react';

/** What is shown now, or was last while the next one is on its way: the reader stays where it is between two pages. */
export function useLastShown<T>(now: T | undefined, isOpen: boolean): T | undefined {
  const last = useRef(now);
  if (now !== undefined || !isOpen) {
    last.current = now;
  }
  return isOpen ? (now ?? last.current) : undefined;
}
