import type { Turn } from '../Turn';

/** Items that are sorted or merged before the clock is looked at. */
const CHUNK = 2_048;

/** Sorts as `toSorted(compare)` does, in slices: a hundred thousand at one go would block for a tenth of a second. */
export async function sorted<T>(list: readonly T[], compare: (a: T, b: T) => number, turn: Turn): Promise<T[]> {
  let parts: T[][] = [];
  for (let from = 0; from < list.length; from += CHUNK) {
    parts.push(list.slice(from, from + CHUNK).sort(compare));
    if (turn.isOver) {
      await turn.next();
    }
  }
  while (parts.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < parts.length; i += 2) {
      merged.push(await merge(parts[i] ?? [], parts[i + 1] ?? [], compare, turn));
    }
    parts = merged;
  }
  return parts[0] ?? [];
}

async function merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
  turn: Turn,
): Promise<T[]> {
  const merged: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const [a, b] = [left[l], right[r]];
    const isLeft = r >= right.length || (l < left.length && compare(a as T, b as T) <= 0);
    merged.push((isLeft ? a : b) as T);
    if (isLeft) {
      l++;
    } else {
      r++;
    }
    if (merged.length % CHUNK === 0 && turn.isOver) {
      await turn.next();
    }
  }
  return merged;
}
