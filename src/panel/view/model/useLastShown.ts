import { useRef } from 'react';

/** Returns what is shown, or was last while the next is on its way: the reader stays where it is between two pages. */
export function useLastShown<T>(now: T | undefined, isOpen: boolean): T | undefined {
  const last = useRef(now);
  if (now !== undefined || !isOpen) {
    last.current = now;
  }
  return isOpen ? (now ?? last.current) : undefined;
}
