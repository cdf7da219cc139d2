import { startTransition, useEffect, useState } from 'react';

/** The number of entries that are drawn at once, and that each step adds to those that show. */
const FIRST = 12;
const MORE = 24;

/** Says how many of a list to draw: the first at once, the rest in steps, so that no step holds up a keystroke. */
export function useGrowing(length: number): number {
  const [count, setCount] = useState(FIRST);
  useEffect(() => {
    if (count >= length) {
      return undefined;
    }
    const timer = window.setTimeout(() => startTransition(() => setCount(count + MORE)), 10);
    return () => window.clearTimeout(timer);
  }, [count, length]);
  return Math.min(count, length);
}
