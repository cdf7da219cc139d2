import type { XAxis } from '../data/MetricsView';
import { formatElapsed, shortNumber } from './formatValue';
import { linearTicks } from './scale';

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];
/** Seconds between two ticks that one reads as times. */
const ROUND_TIMES = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
];

/** Returns ascending places of labels along the x axis: whole steps, or round times. */
export function xTicks(axis: XAxis, min: number, max: number, count: number): number[] {
  if (axis === 'step') {
    return linearTicks(min, max, count, 1);
  }
  const raw = (max - min) / Math.max(1, count);
  const round = ROUND_TIMES.find((seconds) => seconds >= raw);
  const step = round ?? Math.ceil(raw / DAY) * DAY;
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.max(0, Math.floor(max / step) - first + 1) }, (_, i) => (first + i) * step);
}

/** Text of a place on the x axis. */
export const xText = (axis: XAxis, x: number): string =>
  axis === 'elapsed' ? formatElapsed(x) : Math.abs(x) < 1e6 ? String(Math.round(x)) : shortNumber(x, 5);
