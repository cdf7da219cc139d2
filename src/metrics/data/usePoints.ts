import type { MetricSource } from '@rolloscope/contract/frames';
import type { MetricInfo, MetricsAnswer } from '@rolloscope/contract/types';
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { type Asking, Points, type PointsAxis } from './Points';

/** The points of charts that are asked for alike, ended with the panel. */
export function usePointsOf(source: MetricSource | null | undefined, asking: Asking): Points | undefined {
  const body = JSON.stringify(asking);
  const points = useMemo(() => source && new Points(source, JSON.parse(body) as Asking), [source, body]);
  useEffect(() => () => points?.dispose(), [points]);
  return points ?? undefined;
}

/** A text that changes whenever more of a metric was logged. */
const markOf = ({ points, lastTime, lastStep, runs }: MetricInfo): string => [points, lastTime, lastStep, runs].join();

/**
 * The points of one metric while its chart is in view: those of before while others are on their way, so that nothing
 * blinks.
 */
export function usePoints(
  points: Points | undefined,
  metric: MetricInfo,
  axis: PointsAxis,
  isWanted: boolean,
): MetricsAnswer | undefined {
  const { name } = metric;
  const mark = markOf(metric);
  useEffect(() => (isWanted ? points?.want(name, mark, axis) : undefined), [points, name, mark, axis, isWanted]);
  const subscribe = useCallback((listener: () => void) => points?.subscribe(listener) ?? (() => undefined), [points]);
  const answer = useSyncExternalStore(subscribe, () => points?.get(name));
  const last = useRef<{ axis: PointsAxis; answer: MetricsAnswer }>(undefined);
  if (answer) {
    last.current = { axis, answer };
  }
  return answer ?? (last.current?.axis === axis ? last.current.answer : undefined);
}
