import { formatNumber } from '../text/formatNumber';
import type { Axis, HeatModel } from './HeatModel';
import type { Spot } from './heatLayout';

const count = (n: number) => `${n.toLocaleString('en')} ${n === 1 ? 'rollout' : 'rollouts'}`;

function rangeText({ column, ends, ranges }: Axis, index: number): string {
  const [from, to] = ranges[index] ?? [0, 0];
  const text = from === to ? formatNumber(from) : `${formatNumber(from)} – ${formatNumber(to)}`;
  return `${ends === 'whole' && column === 'step' ? 'step' : column} ${text}`;
}

/** One cell, or one whole range, in words. */
export function describeSpot(model: HeatModel, { column, row }: Spot): string {
  if (column === undefined) {
    const n = row === undefined ? 0 : model.counts.reduce((sum, line) => sum + (line[row] ?? 0), 0);
    return row === undefined ? '' : `${rangeText(model.y, row)}: ${count(n)}`;
  }
  const total = model.totals[column] ?? 0;
  const { mean, quantiles, failed } = model.statistics[column] ?? {};
  const [, , median] = quantiles ?? [];
  const about = [
    ...(mean === undefined ? [] : [`mean ${formatNumber(mean)}`]),
    ...(median === undefined ? [] : [`median ${formatNumber(median)}`]),
    ...(failed ? [`${failed.toLocaleString('en')} failed`] : []),
  ].join(', ');
  if (row === undefined) {
    return [`${rangeText(model.x, column)}: ${count(total)}`, about].filter(Boolean).join(' · ');
  }
  const n = model.counts[column]?.[row] ?? 0;
  const part = `${n.toLocaleString('en')} of ${count(total)}`;
  return [`${rangeText(model.x, column)}, ${rangeText(model.y, row)}: ${part}`, about].filter(Boolean).join(' · ');
}

/** The whole picture in words, for those who do not see it. */
export function describeHeat(model: HeatModel): string {
  const { x, y, statistics, total } = model;
  const [first, last] = [x.ranges[0]?.[0] ?? 0, x.ranges.at(-1)?.[1] ?? 0];
  const [low, high] = [y.ranges[0]?.[0] ?? 0, y.ranges.at(-1)?.[1] ?? 0];
  const what = `${count(total)}, ${y.column} from ${formatNumber(low)} to ${formatNumber(high)}, ${x.column} from ${formatNumber(first)} to ${formatNumber(last)}.`;
  const failures = statistics.reduce((sum, { failed = 0 }) => sum + failed, 0);
  const failed = failures > 0 ? ` ${failures.toLocaleString('en')} failed.` : '';
  const means = statistics.filter(({ mean }) => mean !== undefined);
  const [start, end] = [means[0], means.at(-1)];
  if (!start || !end) {
    return what + failed;
  }
  const by = (a: (typeof means)[number], b: (typeof means)[number]) => (a.mean ?? 0) - (b.mean ?? 0);
  const sorted = [...means].sort(by);
  const at = (one: (typeof means)[number] | undefined) => `${formatNumber(one?.mean ?? 0)} at step ${one?.from ?? 0}`;
  return `${what} Mean ${at(start)}, ${at(end)}; lowest ${at(sorted[0])}, highest ${at(sorted.at(-1))}.${failed}`;
}
