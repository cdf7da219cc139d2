import type { FrameRun } from '@rolloscope/contract/frames';
import { oddPoints } from '@rolloscope/contract/oddPoints';
import { smooth } from '@rolloscope/contract/smooth';
import type { Series } from '@rolloscope/contract/types';
import type { XAxis } from '../data/MetricsView';

/** One run's points of a metric, ascending in x. */
export interface ChartLine {
  run: FrameRun;
  xs: number[];
  /** The values as logged. */
  values: number[];
  /** The logged step of each point. */
  steps: Array<number | null>;
  /** The average that is drawn instead, over `smoothXs`; undefined where nothing is smoothed. */
  smoothed?: { xs: number[]; values: number[] };
  /** Indices of points that have no place on the scale, and the height at which each is marked. */
  odd: { at: number[]; heights: number[] };
}

interface Drawing {
  isLog: boolean;
  x: XAxis;
  /** Weight of what came before, 0 for none. */
  smoothing: number;
  /** Means of the buckets that the points stand out of; where a line is reduced its average is made of them. */
  means?: readonly Series[] | undefined;
}

/** The lines of a chart, in the order of the runs. On a logarithmic scale what is not above 0 has no place. */
export function linesOf(series: readonly Series[], runs: readonly FrameRun[], drawing: Drawing): ChartLine[] {
  return runs.flatMap((run) =>
    series.filter((one) => one.run === run.id).flatMap((one) => lineOf(one, run, drawing) ?? []),
  );
}

function lineOf(series: Series, run: FrameRun, { isLog, x, smoothing, means }: Drawing): ChartLine | undefined {
  const { xs, values, steps } = pointsOf(series, run, x);
  if (xs.length === 0) {
    return undefined;
  }
  const placed = isLog ? values.map((value) => (value > 0 ? value : Number.NaN)) : values;
  const odd = oddPoints(placed) ?? { at: [], heights: [] };
  if (smoothing === 0) {
    return { run, xs, values, steps, odd };
  }
  const reduced = series.value.length < series.totalPoints;
  const mean = reduced ? means?.find((one) => one.run === run.id) : undefined;
  const raw = mean ? pointsOf(mean, run, x) : { xs, values };
  const average = smooth(isLog ? raw.values.map((value) => (value > 0 ? value : Number.NaN)) : raw.values, smoothing);
  return { run, xs, values, steps, odd, smoothed: { xs: raw.xs, values: average } };
}

function pointsOf({ step, time, value }: Series, run: FrameRun, x: XAxis) {
  const kept = value.flatMap((_, i) => (x === 'elapsed' || typeof step[i] === 'number' ? [i] : []));
  return {
    xs: kept.map((i) => (x === 'step' ? Number(step[i]) : ((time[i] ?? 0) - run.createdAt) / 1000)),
    // "NaN" and "Infinity" travel as texts.
    values: kept.map((i) => Number(value[i])),
    steps: kept.map((i) => step[i] ?? null),
  };
}

/** The lowest and highest of what has a place on the scale; undefined where nothing has. */
export function extentOf(lines: readonly ChartLine[], isLog: boolean): [min: number, max: number] | undefined {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values, odd } of lines) {
    const skipped = new Set(odd.at);
    values.forEach((value, i) => {
      if (Number.isFinite(value) && !(isLog && value <= 0) && !skipped.has(i)) {
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    });
  }
  return min <= max ? [min, max] : undefined;
}

/** The index of the point that is nearest to an x; -1 without points. */
export function nearestIndex(xs: readonly number[], x: number): number {
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < x) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const before = low - 1;
  return before >= 0 && x - (xs[before] ?? 0) <= (xs[low] ?? 0) - x ? before : Math.min(low, xs.length - 1);
}
