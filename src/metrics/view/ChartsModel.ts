import type { FrameRun, MetricSource } from '@rolloscope/contract/frames';
import type { Hover } from '../chart/Hover';
import type { XAxis, XRange } from '../data/MetricsView';
import type { Points } from '../data/Points';
import type { InView } from './InView';

/** The state that all charts of a panel share. */
export interface ChartsModel {
  source: MetricSource;
  runs: readonly FrameRun[];
  points: Points;
  /** Means of the buckets that lines are brought down to; undefined where nothing is smoothed. */
  means: Points | undefined;
  hover: Hover;
  inView: InView;
  x: XAxis;
  isLog: boolean;
  smoothing: number;
  range: XRange | undefined;
  onRange: (range: XRange | undefined) => void;
  /** Shows one chart alone, or all again. */
  onOnly: (metric: string | undefined) => void;
  addressOfOnly: (metric: string) => string;
}
