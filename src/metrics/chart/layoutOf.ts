import type { XAxis, XRange } from '../data/MetricsView';
import { formatValue } from './formatValue';
import { type ChartLine, extentOf } from './linesOf';
import { padded, type Scale, ticksOf } from './scale';
import { xText, xTicks } from './xTicks';

/** The places of the parts of a chart, in pixels. */
export interface ChartLayout {
  x: Scale;
  y: Scale;
  xTicks: number[];
  yTicks: Array<{ value: number; text: string }>;
}

const [TOP, RIGHT, BOTTOM] = [6, 10, 18];
/** The width of a digit of the labels, about, in pixels. */
const DIGIT = 6.2;
const MOST_LEFT = 72;
/** Pixels from label to label along the x axis, and those that stay free between two. */
const [BETWEEN_TICKS, LABEL_GAP] = [50, 8];

interface Given {
  width: number;
  height: number;
  axis: XAxis;
  isLog: boolean;
  range: XRange | undefined;
  unit: string | undefined;
}

/** The scales of a chart; undefined where it has nothing to show on them. */
export function layoutOf(lines: readonly ChartLine[], given: Given): ChartLayout | undefined {
  const { width, height, axis, isLog, range, unit } = given;
  const extent = extentOf(lines, isLog) ?? (lines.some(({ odd }) => odd.at.length > 0) && !isLog ? [0, 1] : undefined);
  if (!extent) {
    return undefined;
  }
  const [min, max] = padded(...(extent as [number, number]), isLog);
  const firsts = lines.map(({ xs }) => xs[0] ?? 0);
  const lasts = lines.map(({ xs }) => xs.at(-1) ?? 0);
  const { from: x0, to: x1 } = range ?? { from: Math.min(...firsts), to: Math.max(...lasts) };
  const y: Scale = { min, max, isLog, from: height - BOTTOM, to: TOP };
  const yTicks = ticksOf(y, Math.max(2, Math.floor((height - BOTTOM - TOP) / 24))).map((value) => ({
    value,
    text: formatValue(value, unit),
  }));
  const longest = Math.max(1, ...yTicks.map(({ text }) => text.length));
  const left = Math.min(MOST_LEFT, Math.ceil(longest * DIGIT) + 12);
  // A single point stands in the middle.
  const [low, high] = x0 === x1 ? [x0 - 1, x1 + 1] : [x0, x1];
  const x: Scale = { min: low, max: high, isLog: false, from: left, to: Math.max(left + 1, width - RIGHT) };
  return { x, y, yTicks, xTicks: fittingTicks(axis, low, high, x.to - x.from) };
}

/** Finds as many labels as have room: more are asked for first, since of round steps there are fewer. */
function fittingTicks(axis: XAxis, low: number, high: number, room: number): number[] {
  const least = Math.max(2, Math.floor(room / BETWEEN_TICKS));
  const fits = (ticks: readonly number[]) => {
    const widest = Math.max(0, ...ticks.map((tick) => xText(axis, tick).length)) * DIGIT;
    const [first = 0, second = high] = ticks;
    return ((second - first) / (high - low)) * room >= widest + LABEL_GAP;
  };
  const tried = Array.from({ length: 3 * least + 1 }, (_, i) => xTicks(axis, low, high, 4 * least - i));
  return tried.find(fits) ?? xTicks(axis, low, high, least);
}
