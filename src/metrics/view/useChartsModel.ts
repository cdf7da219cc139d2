import type { FrameRun, MetricSource } from '@rolloscope/contract/frames';
import { useMemo, useRef } from 'react';
import { Hover } from '../chart/Hover';
import type { MetricsView } from '../data/MetricsView';
import { usePointsOf } from '../data/usePoints';
import type { ChartsModel } from './ChartsModel';
import { InView } from './InView';
import { addressOf } from './useMetricsView';

/** Pixels above and below that are drawn before one scrolls there. */
const MARGIN = 150;
const [LEAST_POINTS, MOST_POINTS] = [256, 1_024];

interface Given {
  source: MetricSource | null | undefined;
  runs: readonly FrameRun[];
  view: MetricsView;
  change: (part: Partial<MetricsView>) => void;
  /** The parameter of the address that holds the view. */
  param: string;
  isLog: boolean;
  smoothing: number;
  width: number;
}

/** Returns what all charts share, another object only where they must be drawn anew; undefined while nobody answers. */
export function useChartsModel(given: Given): ChartsModel | undefined {
  const { source, view, change, param, isLog, smoothing, width } = given;
  // Frames come anew with every refresh; these are the same until something about them is not.
  const text = JSON.stringify(given.runs.map(({ updatedAt: _, ...run }) => run));
  const runs = useMemo(() => JSON.parse(text) as FrameRun[], [text]);
  const hover = useMemo(() => new Hover(), []);
  const inView = useMemo(() => new InView(MARGIN), []);
  // A power of two, so that not every change of width asks anew.
  const share = view.only === undefined ? Math.min(width, 600) : width;
  const maxPoints = Math.min(MOST_POINTS, Math.max(LEAST_POINTS, 2 ** Math.ceil(Math.log2(share))));
  const steps = view.x === 'step' ? view.range : undefined;
  const asking = { runs: runs.map(({ id }) => id), maxPoints, ...(steps && { steps }) };
  const points = usePointsOf(source, asking);
  const means = usePointsOf(smoothing > 0 ? source : undefined, { ...asking, reduce: 'mean' });
  const latest = useRef(view);
  latest.current = view;
  return useMemo(
    () =>
      source && points
        ? {
            source,
            runs,
            points,
            means,
            hover,
            inView,
            x: view.x,
            isLog,
            smoothing,
            range: view.range,
            onRange: (range) => change({ range }),
            onOnly: (only) => change({ only }),
            addressOfOnly: (only) => addressOf(param, { ...latest.current, only }),
          }
        : undefined,
    [source, runs, points, means, hover, inView, view.x, isLog, smoothing, view.range, change, param],
  );
}
