import type { Condition } from '@rolloscope/contract/types';
import type { Axis } from './HeatModel';

/** Ranges of an axis, from the first to the last, both included. */
export type Span = readonly [first: number, last: number];

/** The conditions that hold for exactly what the chosen ranges count. None where the span is outside the axis. */
export function conditionsOf(axis: Axis, [first, last]: Span): Condition[] {
  const [low, high] = [axis.ranges[first], axis.ranges[last]];
  if (!low || !high) {
    return [];
  }
  const { column, ends } = axis;
  if (ends === 'whole' && low[0] === high[1]) {
    return [{ column, op: 'eq', value: low[0] }];
  }
  const isClosed = ends === 'whole' || last === axis.ranges.length - 1;
  return [
    { column, op: 'ge', value: low[0] },
    { column, op: isClosed ? 'le' : 'lt', value: high[1] },
  ];
}

/** Returns the ranges of an axis with values that hold the conditions on its column; undefined without either. */
export function spanOf(axis: Axis, conditions: readonly Condition[]): Span | undefined {
  let isBound = false;
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let isBelowHigh = false;
  for (const { column, op, value } of conditions) {
    const values = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'number');
    if (column !== axis.column || values.length === 0) {
      continue;
    }
    const [least, most] = [Math.min(...values), Math.max(...values)];
    isBound ||= op !== 'ne';
    if (op === 'eq' || op === 'in' || op === 'ge' || op === 'gt') {
      low = Math.max(low, least);
    }
    if (op === 'eq' || op === 'in' || op === 'le' || op === 'lt') {
      isBelowHigh = most < high ? op === 'lt' : isBelowHigh || (most === high && op === 'lt');
      high = Math.min(high, most);
    }
  }
  if (!isBound) {
    return undefined;
  }
  const isLast = (i: number) => i === axis.ranges.length - 1;
  const holds = axis.ranges.flatMap(([from, to], i) => {
    const reachesLow = axis.ends === 'whole' || isLast(i) ? to >= low : to > low;
    return reachesLow && (isBelowHigh ? from < high : from <= high) ? [i] : [];
  });
  const [first, last] = [holds[0], holds.at(-1)];
  return first === undefined || last === undefined ? undefined : [first, last];
}
