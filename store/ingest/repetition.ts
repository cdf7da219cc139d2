/** Words in a row that count as a repetition when they come again. */
const WINDOW = 8;
/** Two hashes side by side make a collision of windows as good as impossible: 32 bits and 21. */
const BASES = [0x01000193, 0x5bd1e995] as const;

/** What the hash of a window loses when its first word falls out. */
const LEAVING = BASES.map((base) => {
  let power = 1;
  for (let i = 1; i < WINDOW; i++) {
    power = Math.imul(power, base);
  }
  return power;
}) as [number, number];

/** The same characters as `\s` in a pattern. */
function isSpace(code: number): boolean {
  if (code <= 0x20) {
    return code === 0x20 || (code >= 9 && code <= 13);
  }
  return (
    code >= 0xa0 &&
    (code === 0xa0 ||
      code === 0x1680 ||
      (code >= 0x2000 && code <= 0x200a) ||
      code === 0x2028 ||
      code === 0x2029 ||
      code === 0x202f ||
      code === 0x205f ||
      code === 0x3000 ||
      code === 0xfeff)
  );
}

/**
 * Share of the text's 8-word windows that occurred in it before, 0–1; 0 for a text of fewer words. Windows are told
 * apart by rolling hashes, in one pass: every logged response comes through here.
 */
export function repetition(text: string): number {
  const words: [number[], number[]] = [[], []];
  const seen = new Set<number>();
  let [first, second] = [0, 0];
  let again = 0;
  let from = -1;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !isSpace(text.charCodeAt(i))) {
      from = from < 0 ? i : from;
      continue;
    }
    if (from < 0) {
      continue;
    }
    let [a, b] = [0x811c9dc5, 0];
    for (let j = from; j < i; j++) {
      const code = text.charCodeAt(j);
      a = Math.imul(a ^ code, BASES[0]);
      b = (Math.imul(b, 31) + code) | 0;
    }
    from = -1;
    const count = words[0].length;
    if (count >= WINDOW) {
      first -= Math.imul(words[0][count - WINDOW] ?? 0, LEAVING[0]);
      second -= Math.imul(words[1][count - WINDOW] ?? 0, LEAVING[1]);
    }
    words[0].push(a);
    words[1].push(b);
    first = (Math.imul(first, BASES[0]) + a) | 0;
    second = (Math.imul(second, BASES[1]) + b) | 0;
    if (count + 1 >= WINDOW) {
      const window = (first >>> 0) * 2 ** 21 + (second >>> 11);
      again += seen.has(window) ? 1 : 0;
      seen.add(window);
    }
  }
  const windows = words[0].length - WINDOW + 1;
  return windows < 1 ? 0 : again / windows;
}
