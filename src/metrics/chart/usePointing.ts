import { type PointerEvent, useRef, useState } from 'react';
import type { XAxis, XRange } from '../data/MetricsView';
import type { Hover } from './Hover';
import type { ChartLayout } from './layoutOf';
import { type ChartLine, nearestIndex } from './linesOf';
import { valueAt } from './scale';

/** Pixels of a drag, below which it is a click. */
const LEAST_DRAG = 6;

/** The logged x that is nearest to a place, over all lines. */
function nearestX(lines: readonly ChartLine[], x: number): number | undefined {
  const found = lines.flatMap(({ xs }) => xs[nearestIndex(xs, x)] ?? []);
  return found.length === 0
    ? undefined
    : found.reduce((best, one) => (Math.abs(one - x) < Math.abs(best - x) ? one : best));
}

interface Given {
  hover: Hover;
  metric: string;
  axis: XAxis;
  lines: readonly ChartLine[];
  layout: ChartLayout | undefined;
  /** Takes the range that was chosen; undefined where the chart has another axis than the others. */
  onRange: ((range: XRange | undefined) => void) | undefined;
}

/** Moves the crosshair with the pointer; a drag chooses a part of the x axis for all charts, a double click all of it. */
export function usePointing({ hover, metric, axis, lines, layout, onRange }: Given) {
  const start = useRef<number>(undefined);
  /** Pixels of the part that is being chosen. */
  const [brush, setBrush] = useState<[number, number]>();
  const placeOf = (event: PointerEvent<Element>) => event.clientX - event.currentTarget.getBoundingClientRect().left;
  return {
    brush,
    handlers: {
      onPointerMove: (event: PointerEvent<Element>) => {
        const at = placeOf(event);
        const x = layout && nearestX(lines, valueAt(layout.x, at));
        hover.set(x === undefined ? undefined : { axis, x, metric });
        if (start.current !== undefined) {
          setBrush([Math.min(start.current, at), Math.max(start.current, at)]);
        }
      },
      onPointerLeave: () => hover.set(undefined),
      onPointerDown: (event: PointerEvent<Element>) => {
        // A finger that moves scrolls the charts.
        if (event.button === 0 && event.pointerType === 'mouse' && layout && onRange) {
          start.current = placeOf(event);
          event.currentTarget.setPointerCapture(event.pointerId);
        }
      },
      onPointerUp: () => {
        if (brush && layout && onRange && brush[1] - brush[0] >= LEAST_DRAG) {
          const ends = brush.map((at) => Math.min(layout.x.max, Math.max(layout.x.min, valueAt(layout.x, at))));
          const [from, to] = [Math.floor(ends[0] ?? 0), Math.ceil(ends[1] ?? 0)];
          onRange(from < to ? { from, to } : undefined);
        }
        start.current = undefined;
        setBrush(undefined);
      },
      onPointerCancel: () => {
        start.current = undefined;
        setBrush(undefined);
      },
      onDoubleClick: () => onRange?.(undefined),
    },
  };
}
