/** Tells elements when they come into view of a scroller, and leave it: one observer for all of them. */
export class InView {
  private readonly listeners = new Map<Element, (isIn: boolean) => void>();
  private observer: IntersectionObserver | undefined;

  /** @param margin pixels above and below that count as in view */
  constructor(private readonly margin: number) {}

  /** Looks on through another scroller. */
  setRoot(root: Element | null): void {
    this.observer?.disconnect();
    this.observer =
      root === null
        ? undefined
        : new IntersectionObserver(
            (entries) => {
              for (const { target, isIntersecting } of entries) {
                this.listeners.get(target)?.(isIntersecting);
              }
            },
            { root, rootMargin: `${this.margin}px 0px` },
          );
    for (const element of this.listeners.keys()) {
      this.observer?.observe(element);
    }
  }

  watch(element: Element, listener: (isIn: boolean) => void): () => void {
    this.listeners.set(element, listener);
    this.observer?.observe(element);
    return () => {
      this.listeners.delete(element);
      this.observer?.unobserve(element);
    };
  }
}
