import { startTransition, useEffect, useState } from 'react';

/** What is drawn at once, and what each step adds after that shows. */
const FIRST = 12;
const MORE = 24;

/** How many of a list to draw: the first at once, the rest step by step, so that no step holds up a keystroke. */
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
