import type { Hover } from '../chart/Hover';
import type { ChartLine } from '../chart/linesOf';
import type { XAxis } from '../data/MetricsView';

interface On {
  hover: Hover;
  axis: XAxis;
  lines: readonly ChartLine[];
  metric: string;
}

/** Moves the crosshair by a key, from one logged point to the next; false for a key that does not. */
export function moveCrosshair(key: string, { hover, axis, lines, metric }: On): boolean {
  const xs = [...new Set(lines.flatMap((line) => line.xs))].sort((a, b) => a - b);
  const now = hover.get();
  const at = now?.axis === axis ? xs.findIndex((x) => x >= now.x) : -1;
  const to =
    key === 'ArrowLeft'
      ? at < 0
        ? xs.length - 1
        : at - 1
      : key === 'ArrowRight'
        ? at + 1
        : key === 'Home'
          ? 0
          : key === 'End'
            ? xs.length - 1
            : undefined;
  if (to === undefined || xs.length === 0) {
    return false;
  }
  hover.set({ axis, x: xs[Math.min(xs.length - 1, Math.max(0, to))] ?? 0, metric });
  return true;
}
