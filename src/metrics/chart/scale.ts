export interface Scale {
  min: number;
  max: number;
  isLog: boolean;
  /** Pixels of `min` and `max`; either may be the larger. */
  from: number;
  to: number;
}

/** The pixel of a value; what lies outside the scale lies outside its pixels. */
export function pixelOf({ min, max, isLog, from, to }: Scale, value: number): number {
  const share = isLog ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  return from + share * (to - from);
}

/** The value at a pixel. */
export function valueAt({ min, max, from, to }: Scale, pixel: number): number {
  return min + ((pixel - from) / (to - from)) * (max - min);
}

/** A range with some room around it, and never without an extent. On a logarithmic scale all of it is above 0. */
export function padded(min: number, max: number, isLog: boolean, share = 0.06): [min: number, max: number] {
  if (isLog) {
    const factor = min === max ? 2 : (max / min) ** share;
    return [min / factor, max * factor];
  }
  const extent = max - min;
  // Both ends may be so close to each other that a share of the extent would be lost in rounding.
  const room = extent > Math.abs(max) * 1e-12 ? extent * share : Math.abs(max) * 0.1 || 1;
  return [min - room, max + room];
}

/** Returns ascending round values of a scale, about `count` of them. */
export function ticksOf({ min, max, isLog }: Pick<Scale, 'min' | 'max' | 'isLog'>, count: number): number[] {
  return isLog && max / min > 5 ? logTicks(min, max, count) : linearTicks(min, max, count);
}

/** @param least the smallest distance of two ticks: 1 where only whole numbers make sense */
export function linearTicks(min: number, max: number, count: number, least = 0): number[] {
  const raw = (max - min) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const nice = [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10;
  const step = Math.max(least, nice * power);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  // Beyond what a double tells apart there is nothing to step over.
  return last - first > 100 ? [] : Array.from({ length: last - first + 1 }, (_, i) => round((first + i) * step));
}

function logTicks(min: number, max: number, count: number): number[] {
  const [first, last] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const every = Math.max(1, Math.ceil((last - first) / Math.max(1, count)));
  const within = max / min < 200 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = first; power <= last; power += every) {
    ticks.push(...within.map((factor) => round(factor * 10 ** power)));
  }
  return ticks.filter((tick) => tick >= min && tick <= max);
}

const round = (value: number) => Number(value.toPrecision(12));
