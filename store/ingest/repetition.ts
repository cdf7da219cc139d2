/** Words in a row that count as a repetition when they come again. */
const WINDOW = 8;
/** Two hashes side by side make a collision of windows as good as impossible. */
const BASES = [0x01000193, 0x5bd1e995] as const;

const EMPTY = 0x811c9dc5 | 0;

/** What the hash of a window loses when its first word falls out. */
const LEAVING = BASES.map((base) => {
  let power = 1;
  for (let i = 1; i < WINDOW; i++) {
    power = Math.imul(power, base);
  }
  return power;
}) as [number, number];

/** A set of pairs of 32-bit numbers, at most half as many as `capacity`: a JavaScript set takes ten times as long. */
class Pairs {
  private readonly slots: Int32Array;
  private readonly mask: number;

  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(capacity + 2));
    this.slots = new Int32Array(size * 2);
    this.mask = size - 1;
  }

  /** False when the pair is there already. */
  add(first: number, second: number): boolean {
    // Zero stands for an empty slot, so a second number has its lowest bit set.
    const marked = second | 1;
    for (let i = first & this.mask; ; i = (i + 1) & this.mask) {
      if (this.slots[2 * i + 1] === 0) {
        this.slots[2 * i] = first;
        this.slots[2 * i + 1] = marked;
        return true;
      }
      if (this.slots[2 * i] === first && this.slots[2 * i + 1] === marked) {
        return false;
      }
    }
  }
}

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
  const seen = new Pairs(text.length);
  let [first, second] = [0, 0];
  let again = 0;
  // The hash of the word so far.
  let a = EMPTY;
  let isWord = false;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0x20;
    if (!isSpace(code)) {
      a = Math.imul(a ^ code, BASES[0]);
      isWord = true;
      continue;
    }
    if (!isWord) {
      continue;
    }
    const b = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d);
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
      again += seen.add(first | 0, second | 0) ? 0 : 1;
    }
    a = EMPTY;
    isWord = false;
  }
  const windows = words[0].length - WINDOW + 1;
  return windows < 1 ? 0 : again / windows;
}
