import { createContext, type RefObject, startTransition, useContext, useEffect, useState } from 'react';

/** Pixels above and below what shows that are drawn in full, too. */
const MARGIN = 800;

/** Tells elements in a scroller when they come near what shows of it. */
export class Nearby {
  private readonly callbacks = new Map<Element, () => void>();
  private readonly observer: IntersectionObserver;

  constructor(scroller: Element) {
    this.observer = new IntersectionObserver(
      (entries) => {
        // Drawn bit by bit, so that a page full of formulas does not hold up a keystroke.
        startTransition(() => {
          for (const { isIntersecting, target } of entries) {
            if (isIntersecting) {
              this.callbacks.get(target)?.();
            }
          }
        });
      },
      { root: scroller, rootMargin: `${MARGIN}px 0px` },
    );
  }

  watch(element: Element, onNear: () => void): () => void {
    this.callbacks.set(element, onNear);
    this.observer.observe(element);
    return () => {
      this.callbacks.delete(element);
      this.observer.unobserve(element);
    };
  }

  dispose(): void {
    this.observer.disconnect();
    this.callbacks.clear();
  }
}

export const NearbyContext = createContext<Nearby | undefined>(undefined);

/** True from when the element first comes near what shows; at once where nobody tells. */
export function useNearby(element: RefObject<Element | null>, fromStart: boolean): boolean {
  const nearby = useContext(NearbyContext);
  const [isNear, setNear] = useState(fromStart);
  useEffect(() => {
    if (isNear || !element.current) {
      return undefined;
    }
    if (!nearby) {
      setNear(true);
      return undefined;
    }
    return nearby.watch(element.current, () => setNear(true));
  }, [element, isNear, nearby]);
  return isNear;
}
