import { divergingColor } from '../../color/divergingColor';
import { cellPaint, type Ground, type Paint } from '../../color/paint';
import type { TokenNumbers } from './readTokens';

/** Shades on either side of the middle. */
export const SHADES = 4;
/** Fewer values than this share of all are farther out than the strongest shade says. */
const TAIL = 0.01;

/** The meaning of a number's shades. */
export interface TokenScale {
  /** The value without a colour: 0, 1 for a ratio, or the value next to 0 where all lie on one side of it. */
  middle: number;
  /** The distance from the middle at which the strongest shade begins; 0 where nothing differs. */
  reach: number;
  hasBelow: boolean;
  hasAbove: boolean;
}

export function scaleOf({ name, values }: TokenNumbers): TokenScale {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const [low, high] = finite.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const nearest = Math.max(low, Math.min(high, 0));
  const middle = finite.length === 0 ? 0 : /ratio/i.test(name) ? 1 : nearest;
  // Typed, since it sorts a hundred thousand numbers many times as fast.
  const away = Float64Array.from(finite, (value) => Math.abs(value - middle)).sort();
  const reach = away[Math.ceil((away.length - 1) * (1 - TAIL))] || (away.at(-1) ?? 0);
  return { middle, reach, hasBelow: low < middle, hasAbove: high > middle };
}

/** The shade of a value: 0 for none, negative below the middle. */
export function shadeOf(value: number | null | undefined, { middle, reach }: TokenScale): number {
  if (value === null || value === undefined || !Number.isFinite(value) || reach === 0) {
    return 0;
  }
  const shade = Math.min(SHADES, Math.round((Math.abs(value - middle) / reach) * SHADES));
  return value < middle ? -shade : shade;
}

/** A shade's colours; its text can be read on it in both themes. */
export function shadePaint(shade: number, ground: Ground, theme: 'dark' | 'light'): Paint | undefined {
  const color = divergingColor(shade / SHADES, { below: 1, above: 1 }, theme);
  return color && cellPaint(color.color, color.strength, ground);
}
