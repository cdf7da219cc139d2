/** Blue and orange are told apart by people with any of the common kinds of colour blindness. */
const ABOVE = { dark: '#5b9cf5', light: '#1f60c4' };
const BELOW = { dark: '#ff9830', light: '#d9620b' };

/** Even a small reward shows its sign; the rest of the strength is how far from 0 it is. */
const LEAST = 0.5;

export interface Strength {
  color: string;
  /** 0–1: how much of the colour shows. */
  strength: number;
}

/**
 * The colour of a reward where the panel has no colour scheme of its own: blue above 0, orange below, none at 0.
 * `reach` is the largest distance from 0 that the table has; beyond it the strength is full.
 */
export function divergingColor(value: number, reach: number, theme: 'dark' | 'light'): Strength | undefined {
  if (Number.isNaN(value) || value === 0) {
    return undefined;
  }
  const share = reach > 0 ? Math.min(1, Math.abs(value) / reach) : 1;
  return { color: (value > 0 ? ABOVE : BELOW)[theme], strength: LEAST + (1 - LEAST) * share };
}

/** The largest finite distance from 0; 0 where there is none. */
export function reachOf(values: Iterable<unknown>): number {
  let reach = 0;
  for (const value of values) {
    if (typeof value === 'number' && Number.isFinite(value)) {
      reach = Math.max(reach, Math.abs(value));
    }
  }
  return reach;
}
