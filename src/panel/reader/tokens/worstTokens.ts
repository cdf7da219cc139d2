import type { TokenNumbers } from './readTokens';

/** Tokens that one can jump between. */
const MOST = 1_000;

/** The tokens whose number is farthest from the middle of the scale, the farthest first; masked ones are none of them. */
export function worstTokens({ values }: TokenNumbers, middle: number, mask: TokenNumbers | undefined): number[] {
  const away = Float64Array.from(values, (value, i) => {
    const apart = value === null || mask?.values[i] === 0 ? 0 : Math.abs(value - middle);
    return Number.isFinite(apart) ? apart : 0;
  });
  const least = away.slice().sort()[Math.max(0, away.length - MOST)] ?? 0;
  const far: number[] = [];
  for (const [i, apart] of away.entries()) {
    if (apart > 0 && apart >= least) {
      far.push(i);
    }
  }
  return far.sort((a, b) => (away[b] ?? 0) - (away[a] ?? 0) || a - b).slice(0, MOST);
}
