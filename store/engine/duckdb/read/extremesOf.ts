/** Points of a series in any order. `seq` is the order of logging, left out where no two points have the same x. */
export interface Points {
  x: Float64Array;
  value: Float64Array;
  seq?: Float64Array | undefined;
}

/** The slots of a bucket, each with the index of a point that is kept, and their number. */
const [FIRST, LOWEST, HIGHEST, LAST, NON_FINITE, WIDTH] = [0, 1, 2, 3, 4, 5];
const NONE = -1;

/**
 * Finds the first, lowest, highest and last points of each bucket of a series, and the first one that is not finite:
 * the same as `reduceSql` gives, in one pass. Returns their indices, ordered by x, then as they were logged, each once.
 * Of equal values the first counts, of equal x the one that was logged before.
 */
export function extremesOf({ x, value, seq }: Points, shift: number): number[] {
  const buckets = new Buckets();
  const isBefore = (one: number, other: number) => {
    const left = x[one] ?? 0;
    const right = x[other] ?? 0;
    return left === right && seq ? (seq[one] ?? 0) < (seq[other] ?? 0) : left < right;
  };
  // Beyond that all is one bucket, also what lies on both sides of 0.
  const scale = shift > 62 ? 0 : 2 ** -shift;
  const bucketOf = (index: number) => (scale === 0 ? 0 : Math.floor((x[index] ?? 0) * scale));
  for (let i = 0; i < x.length; ) {
    // Neighbours mostly come one after another: what is kept of their bucket stays at hand for all of them.
    const bucket = bucketOf(i);
    const begin = buckets.beginOf(bucket);
    const { kept } = buckets;
    let first = kept[begin + FIRST] ?? NONE;
    let lowest = kept[begin + LOWEST] ?? NONE;
    let highest = kept[begin + HIGHEST] ?? NONE;
    let last = kept[begin + LAST] ?? NONE;
    let nonFinite = kept[begin + NON_FINITE] ?? NONE;
    let least = x[first] ?? Number.POSITIVE_INFINITY;
    let most = x[last] ?? Number.NEGATIVE_INFINITY;
    let low = value[lowest] ?? Number.POSITIVE_INFINITY;
    let high = value[highest] ?? Number.NEGATIVE_INFINITY;
    for (; i < x.length && bucketOf(i) === bucket; i++) {
      const at = x[i] ?? 0;
      const told = value[i] ?? 0;
      if (at < least || (at === least && isBefore(i, first))) {
        first = i;
        least = at;
      }
      if (at > most || (at === most && !isBefore(i, last))) {
        last = i;
        most = at;
      }
      if (!Number.isFinite(told)) {
        nonFinite = nonFinite === NONE || isBefore(i, nonFinite) ? i : nonFinite;
        continue;
      }
      if (told < low || (told === low && isBefore(i, lowest))) {
        lowest = i;
        low = told;
      }
      if (told > high || (told === high && isBefore(i, highest))) {
        highest = i;
        high = told;
      }
    }
    kept[begin + FIRST] = first;
    kept[begin + LOWEST] = lowest;
    kept[begin + HIGHEST] = highest;
    kept[begin + LAST] = last;
    kept[begin + NON_FINITE] = nonFinite;
  }
  return buckets.inOrder(isBefore);
}

/** The points that are kept of each bucket. */
class Buckets {
  private readonly begins = new Map<number, number>();
  kept = new Int32Array(64 * WIDTH).fill(NONE);

  /** Returns where a bucket begins in `kept`, which may be another list from then on. */
  beginOf(bucket: number): number {
    const known = this.begins.get(bucket);
    if (known !== undefined) {
      return known;
    }
    const begin = this.begins.size * WIDTH;
    this.begins.set(bucket, begin);
    if (begin === this.kept.length) {
      const larger = new Int32Array(2 * begin).fill(NONE, begin);
      larger.set(this.kept);
      this.kept = larger;
    }
    return begin;
  }

  inOrder(isBefore: (one: number, other: number) => boolean): number[] {
    const found: number[] = [];
    for (const [, begin] of [...this.begins].sort(([a], [b]) => a - b)) {
      const from = found.length;
      for (let pick = begin; pick < begin + WIDTH; pick++) {
        const index = this.kept[pick] ?? NONE;
        let place = found.length;
        while (place > from && isBefore(index, found[place - 1] ?? NONE)) {
          place--;
        }
        // One that is there already is the last that it does not come before.
        if (index !== NONE && (place === from || found[place - 1] !== index)) {
          found.splice(place, 0, index);
        }
      }
    }
    return found;
  }
}
