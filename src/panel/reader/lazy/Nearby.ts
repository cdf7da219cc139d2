import { createContext, type RefObject, startTransition, useContext, useEffect, useState } from 'react';

/** Pixels above and below what shows that are drawn in full, too. */
const MARGIN = 800;
/** Pixels by which the observer may think an element nearer than its box says. */
const SLACK = 10;
/** Characters that are drawn in full at a time: a page full of formulas does not hold up a keystroke. */
const AT_ONCE = 4_000;

/** An element that is drawn in full once it is near. */
interface Sketch {
  characters: number;
  /** Fetches what draws it, where that is not here yet. */
  load?(): Promise<unknown>;
}

interface Watched extends Sketch {
  draw(): void;
}

/**
 * Has elements in a scroller drawn in full when they come near what shows of it: the nearest first, and a little at a
 * time, since what grows moves its neighbours away.
 */
export class Nearby {
  private readonly watched = new Map<Element, Watched>();
  private readonly near = new Set<Element>();
  /** Elements that were told to draw, and are not yet drawn. */
  private readonly drawing = new Set<Element>();
  private readonly observer: IntersectionObserver;
  private isAtWork = false;
  private onDrawn: () => void = () => undefined;

  constructor(private readonly scroller: Element) {
    this.observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (isIntersecting && this.watched.has(target)) {
            this.near.add(target);
          } else {
            this.near.delete(target);
          }
        }
        void this.drawNear();
      },
      { root: scroller, rootMargin: `${MARGIN}px 0px` },
    );
  }

  /** Returns what ends the watch: it is called when the element has been drawn, or has gone. */
  watch(element: Element, sketch: Sketch, draw: () => void): () => void {
    this.watched.set(element, { ...sketch, draw });
    this.observer.observe(element);
    return () => this.forget(element);
  }

  dispose(): void {
    this.observer.disconnect();
    for (const element of [...this.watched.keys()]) {
      this.forget(element);
    }
  }

  private forget(element: Element): void {
    this.watched.delete(element);
    this.near.delete(element);
    this.observer.unobserve(element);
    if (this.drawing.delete(element) && this.drawing.size === 0) {
      this.onDrawn();
    }
  }

  private async drawNear(): Promise<void> {
    if (this.isAtWork) {
      return;
    }
    this.isAtWork = true;
    while (this.near.size > 0) {
      const some = this.nearest();
      // What cannot be fetched is drawn without it.
      await Promise.allSettled(some.map((element) => this.watched.get(element)?.load?.()));
      await this.draw(some);
      await new Promise(requestAnimationFrame);
    }
    this.isAtWork = false;
  }

  /** Returns those next to the middle of what shows, as far as they are drawn at once. */
  private nearest(): Element[] {
    const middle = ({ top, bottom }: DOMRect) => (top + bottom) / 2;
    const shown = this.scroller.getBoundingClientRect();
    const places = [...this.near]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      // What was drawn last has moved some of them, and the observer has yet to tell.
      .filter(({ box }) => box.bottom > shown.top - MARGIN - SLACK && box.top < shown.bottom + MARGIN + SLACK)
      .map(({ element, box }) => ({ element, distance: Math.abs(middle(box) - middle(shown)) }))
      .sort((a, b) => a.distance - b.distance);
    let characters = 0;
    const count = places.findIndex(({ element }, i) => {
      characters += this.watched.get(element)?.characters ?? 0;
      return i > 0 && characters > AT_ONCE;
    });
    return places.slice(0, count < 0 ? places.length : count).map(({ element }) => element);
  }

  /** Resolves once they are drawn. */
  private draw(elements: readonly Element[]): Promise<void> {
    const there = elements.filter((element) => this.watched.has(element));
    if (there.length === 0) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.onDrawn = resolve;
      startTransition(() => {
        for (const element of there) {
          this.drawing.add(element);
          this.watched.get(element)?.draw();
        }
      });
    });
  }
}

export const NearbyContext = createContext<Nearby | undefined>(undefined);

/**
 * Returns true from when the element is to be drawn in full, as it is near what shows; at once where nobody tells.
 * `sketch` is read when the watch begins.
 */
export function useNearby(element: RefObject<Element | null>, fromStart: boolean, sketch: Sketch): boolean {
  const nearby = useContext(NearbyContext);
  const [isNear, setNear] = useState(fromStart);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is sketched stays as it is
  useEffect(() => {
    if (isNear || !element.current) {
      return undefined;
    }
    if (!nearby) {
      setNear(true);
      return undefined;
    }
    return nearby.watch(element.current, sketch, () => setNear(true));
  }, [element, isNear, nearby]);
  return isNear;
}
