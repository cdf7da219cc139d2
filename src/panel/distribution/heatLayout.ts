/** Pixels of the picture. Ranges of an axis are equally wide, whatever they hold. */
export interface HeatLayout {
  /** The upper left corner of the cells, in pixels from that of the chart. */
  left: number;
  top: number;
  width: number;
  height: number;
  cellWidth: number;
  cellHeight: number;
}

const MARGIN = { left: 52, right: 12, top: 6, bottom: 18 };
/** A run of few steps does not spread them over the whole width. */
const WIDEST = 56;

export function heatLayout(width: number, height: number, columns: number, rows: number): HeatLayout {
  const cellWidth = Math.min(WIDEST, Math.max(0, width - MARGIN.left - MARGIN.right) / Math.max(1, columns));
  const cellHeight = Math.max(0, height - MARGIN.top - MARGIN.bottom) / Math.max(1, rows);
  return {
    left: MARGIN.left,
    top: MARGIN.top,
    width: cellWidth * columns,
    height: cellHeight * rows,
    cellWidth,
    cellHeight,
  };
}

/** The place under the pointer: a cell; beside the cells, a whole range of one axis (the other one left out). */
export interface Spot {
  column?: number;
  row?: number;
}

/** Finds the place under the pointer, rows counted from below; beyond the edges, as in a drag, the nearest cell. */
export function spotAt(layout: HeatLayout, columns: number, rows: number, x: number, y: number): Spot {
  const clamp = (value: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(value)));
  const isBeside = x < layout.left;
  const isBelow = y > layout.top + layout.height;
  const column = clamp((x - layout.left) / layout.cellWidth, columns);
  const row = clamp((layout.top + layout.height - y) / layout.cellHeight, rows);
  return { ...(!isBeside && { column }), ...(!isBelow && { row }) };
}

/** Returns where a value of the y axis lies, in pixels from the top; values beyond the axis lie on its edge. */
export function yOf(layout: HeatLayout, low: number, high: number, value: number): number {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return layout.top + layout.height * (1 - Math.min(1, Math.max(0, share)));
}

/** Round numbers within a range, about `count` of them: 1, 2 or 5 times a power of ten apart. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  if (!(power > 0) || !Number.isFinite(rough)) {
    return [low];
  }
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const length = Math.min(1_000, Math.floor(high / step) - first + 1);
  return Array.from({ length: Math.max(0, length) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Returns the ranges of steps that get a label: those with a round step, `space` pixels apart. */
export function stepTicks(
  ranges: ReadonlyArray<readonly [from: number, to: number]>,
  cellWidth: number,
  space: number,
): Array<{ index: number; step: number }> {
  const [first, last] = [ranges[0]?.[0] ?? 0, ranges.at(-1)?.[1] ?? 0];
  const round = roundTicks(first, last, (ranges.length * cellWidth) / space).filter(Number.isInteger);
  const ticks = ranges.flatMap(([from, to], index) => {
    const step = round.find((one) => one >= from && one <= to);
    return step === undefined ? [] : [{ index, step }];
  });
  // Steps that are logged now and then lie beside the round ones.
  const all = ticks.length > 1 ? ticks : ranges.map(([from], index) => ({ index, step: from }));
  const placed: typeof all = [];
  for (const tick of all) {
    const before = placed.at(-1);
    if (!before || (tick.index - before.index) * cellWidth >= space * 0.75) {
      placed.push(tick);
    }
  }
  return placed;
}
