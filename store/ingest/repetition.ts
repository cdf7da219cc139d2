/** Words in a row that count as a repetition when they come again; a power of two. */
const WINDOW = 8;
/** Two hashes side by side make a collision of windows as good as impossible. */
const BASES = [0x01000193, 0x5bd1e995] as const;

/** Slots that are kept for the next text: enough for 100,000 words. */
const KEPT_SLOTS = 2 ** 18;

const EMPTY = 0x811c9dc5 | 0;

/** The factor of each hash for the first word of a window, which the hash loses when that word falls out. */
const LEAVING = BASES.map((base) => {
  let power = 1;
  for (let i = 1; i < WINDOW; i++) {
    power = Math.imul(power, base);
  }
  return power;
}) as [number, number];

/**
 * A set of pairs of 32-bit numbers: a JavaScript set takes ten times as long. It is used again for text after text, and
 * a slot counts as empty unless it was filled for the present one: clearing megabytes for each would cost more than all
 * the rest.
 */
class Pairs {
  /** Three a slot: the text that filled it, and the pair. */
  private slots = new Int32Array(3 * 4096);
  private mask = 4095;
  private text = 0;

  /** Begins a text with at most so many pairs. */
  begin(capacity: number): void {
    this.text++;
    const size = 2 ** Math.ceil(Math.log2(2 * capacity + 2));
    const have = this.mask + 1;
    // What a text of megabytes took is given back, and a counter must not come round to what an old text left.
    if (size > have || (have > KEPT_SLOTS && size <= KEPT_SLOTS) || this.text > 0x7fffffff) {
      this.slots = new Int32Array(3 * size);
      this.mask = size - 1;
      this.text = 1;
    }
  }

  /** False when the pair is there already. */
  add(first: number, second: number): boolean {
    const { slots, mask, text } = this;
    for (let i = first & mask; ; i = (i + 1) & mask) {
      const at = 3 * i;
      if (slots[at] !== text) {
        slots[at] = text;
        slots[at + 1] = first;
        slots[at + 2] = second;
        return true;
      }
      if (slots[at + 1] === first && slots[at + 2] === second) {
        return false;
      }
    }
  }
}

const seen = new Pairs();
/** The hashes of the last words, by their number modulo the window. */
const words = [new Int32Array(WINDOW), new Int32Array(WINDOW)] as const;
/** The index in the text where each of these words begins, in UTF-16 units. */
const begins = new Int32Array(WINDOW);

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
 * Returns the share of the text's 8-word windows that occurred in it before, 0–1; 0 for a text of fewer words. Windows
 * are told apart by rolling hashes, in one pass: every logged response comes through here. `onAgain` is told where each
 * window is that occurred before.
 */
export function repetition(text: string, onAgain?: (start: number, end: number) => void): number {
  // A word and the blank after it take two characters at least.
  seen.begin(text.length >> 1);
  const [firsts, seconds] = words;
  let [first, second] = [0, 0];
  let [count, again] = [0, 0];
  // The hash of the word so far.
  let a = EMPTY;
  let isWord = false;
  let begin = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0x20;
    if ((code > 0x20 && code < 0xa0) || !isSpace(code)) {
      a = Math.imul(a ^ code, BASES[0]);
      begin = isWord ? begin : i;
      isWord = true;
      continue;
    }
    if (!isWord) {
      continue;
    }
    const b = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d);
    const slot = count & (WINDOW - 1);
    if (count >= WINDOW) {
      first -= Math.imul(firsts[slot] ?? 0, LEAVING[0]);
      second -= Math.imul(seconds[slot] ?? 0, LEAVING[1]);
    }
    firsts[slot] = a;
    seconds[slot] = b;
    begins[slot] = begin;
    first = (Math.imul(first, BASES[0]) + a) | 0;
    second = (Math.imul(second, BASES[1]) + b) | 0;
    count++;
    if (count >= WINDOW) {
      const isNew = seen.add(first, second);
      again += isNew ? 0 : 1;
      if (!isNew) {
        onAgain?.(begins[count & (WINDOW - 1)] ?? 0, i);
      }
    }
    a = EMPTY;
    isWord = false;
  }
  const windows = count - WINDOW + 1;
  return windows < 1 ? 0 : again / windows;
}
