/** Blue and orange are told apart by people with any of the common kinds of colour blindness. */
const ABOVE = { dark: '#5b9cf5', light: '#2f6fd6' };
const BELOW = { dark: '#ff9830', light: '#d9620b' };

/** Even a small reward shows its sign; the rest of the strength is how far from 0 it is. */
const LEAST = 0.3;

export interface Strength {
  color: string;
  /** 0–1: how much of the colour shows. */
  strength: number;
}

/** Distances from 0 at which the colour is full, on either side. */
interface Reach {
  below: number;
  above: number;
}

/**
 * The colour of a reward where the panel has no colour scheme of its own: blue above 0, orange below, none at 0, and
 * stronger the farther from it.
 */
export function divergingColor(value: number, reach: Reach, theme: 'dark' | 'light'): Strength | undefined {
  if (Number.isNaN(value) || value === 0) {
    return undefined;
  }
  const far = value > 0 ? reach.above : reach.below;
  const share = far > 0 ? Math.min(1, Math.abs(value) / far) : 1;
  return { color: (value > 0 ? ABOVE : BELOW)[theme], strength: LEAST + (1 - LEAST) * share };
}

/** A side that reaches less far than this share of the other one is not stretched any more. */
const STRETCH = 0.25;

/**
 * Returns how far the finite values reach on either side. A penalty of -0.1 beside a reward of 1.1 is no small matter,
 * so each side has its own scale, within limits.
 */
export function reachOf(values: Iterable<unknown>): Reach {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (typeof value === 'number' && Number.isFinite(value)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const least = STRETCH * Math.max(-low, high);
  return { below: Math.max(-low, least), above: Math.max(high, least) };
}

/** True and false are the two sides of 0, in full. */
export function booleanColor(value: boolean, theme: 'dark' | 'light'): Strength {
  return { color: (value ? ABOVE : BELOW)[theme], strength: 1 };
}
