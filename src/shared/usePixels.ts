import { type RefObject, useLayoutEffect, useState } from 'react';

/** The pixels of an element in one direction, as they change; 0 until it is there. */
export function usePixels(ref: RefObject<HTMLElement | null>, of: 'clientWidth' | 'offsetHeight'): number {
  const [pixels, setPixels] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) {
      return undefined;
    }
    const measure = () => setPixels(element[of]);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, of]);
  return pixels;
}
