import type { XAxis } from '../data/MetricsView';

/** The place of the crosshair of all charts. */
interface HoverPoint {
  axis: XAxis;
  x: number;
  /** The metric whose chart is pointed at. */
  metric: string;
}

/** One crosshair for all charts of a panel: what moves it draws no chart anew, only what stands on it. */
export class Hover {
  private now: HoverPoint | undefined;
  private readonly listeners = new Set<() => void>();

  get = (): HoverPoint | undefined => this.now;

  set(point: HoverPoint | undefined): void {
    const { now } = this;
    if (now?.x !== point?.x || now?.metric !== point?.metric || now?.axis !== point?.axis) {
      this.now = point;
      for (const listener of this.listeners) {
        listener();
      }
    }
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
