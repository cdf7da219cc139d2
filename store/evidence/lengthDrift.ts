/** Rollouts of a prompt among which one can be much longer than the others. */
const FEWEST = 4;
/** So many times as long as the middle one, and at least so many characters. */
const TIMES = 4;
const LONG = 1_000;

/** Gives the middle length of each prompt's responses, in characters; prompts with few of them are left out. */
export function middleLengths(
  prompts: readonly (string | null)[],
  chars: readonly (number | null)[],
): Map<string, number> {
  const lengths = new Map<string, number[]>();
  for (const [i, prompt] of prompts.entries()) {
    const length = chars[i] ?? null;
    if (prompt !== null && length !== null) {
      const own = lengths.get(prompt);
      if (own) {
        own.push(length);
      } else {
        lengths.set(prompt, [length]);
      }
    }
  }
  const middles = new Map<string, number>();
  for (const [prompt, own] of lengths) {
    if (own.length >= FEWEST) {
      middles.set(prompt, own.sort((a, b) => a - b)[own.length >> 1] ?? 0);
    }
  }
  return middles;
}

export const isMuchLonger = (chars: number, middle: number): boolean => chars >= LONG && chars > TIMES * middle;

export const LENGTH_SAYS = `At least ${TIMES} times as long as the middle one of the rollouts of its prompt that were logged with it.`;
