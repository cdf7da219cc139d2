import { differenceOf, type Substance } from './substanceOf';

/** Turns of two rollouts that stand beside each other; one is left out where the other has nothing like it. */
export interface TurnPair {
  first?: number;
  second?: number;
  /** Their difference in substance, in words; left out where they do not differ. */
  why?: string;
}

interface Alignment {
  pairs: readonly TurnPair[];
  /** The pair at which they part; undefined where they never do. */
  parting: number | undefined;
}

/** Pairs of turns that are weighed; beyond, turns stand beside each other as they come. */
const MOST_WEIGHED = 250_000;

/**
 * The turns of two rollouts side by side. They go together until the first that differs in substance; from there on they
 * are aligned so that as much as can be is beside what it resembles.
 */
export function alignTurns(first: readonly Substance[], second: readonly Substance[]): Alignment {
  const pairs: TurnPair[] = [];
  let at = 0;
  for (; at < first.length && at < second.length; at++) {
    const [one, other] = [first[at], second[at]];
    const why = one && other && differenceOf(one, other);
    if (why !== undefined) {
      break;
    }
    pairs.push({ first: at, second: at });
  }
  if (at === first.length && at === second.length) {
    return { pairs, parting: undefined };
  }
  const parting = pairs.length;
  pairs.push(...alignRest(first, second, at));
  return { pairs, parting };
}

function alignRest(first: readonly Substance[], second: readonly Substance[], from: number): TurnPair[] {
  // Where both go on, what they do at that moment is what one wants to see beside each other.
  const isBoth = from < first.length && from < second.length;
  const rest = isBoth ? [paired(first, second, from, from)] : [];
  const next = isBoth ? from + 1 : from;
  const [rows, columns] = [first.length - next, second.length - next];
  rest.push(...(rows * columns <= MOST_WEIGHED ? weighed(first, second, next) : asTheyCome(first, second, next)));
  return rest;
}

function paired(first: readonly Substance[], second: readonly Substance[], i: number, j: number): TurnPair {
  const [one, other] = [first[i], second[j]];
  const why = one && other && differenceOf(one, other);
  return { first: i, second: j, ...(why !== undefined && { why }) };
}

const ONLY_FIRST = 'only in the first';
const ONLY_SECOND = 'only in the second';

function asTheyCome(first: readonly Substance[], second: readonly Substance[], from: number): TurnPair[] {
  return Array.from({ length: Math.max(first.length, second.length) - from }, (_, k): TurnPair => {
    const at = from + k;
    return at >= second.length
      ? { first: at, why: ONLY_FIRST }
      : at >= first.length
        ? { second: at, why: ONLY_SECOND }
        : paired(first, second, at, at);
  });
}

/** Weighs two turns against each other, from 1 to 8 the more alike they are; 0 where they are nothing alike. */
function likeness(one: Substance, other: Substance): number {
  if (one.role !== other.role) {
    return 0;
  }
  return one.key === other.key ? 8 : one.tools === other.tools ? 3 : 1;
}

/** The alignment of the greatest likeness in all, by the table of the best that is left from each two turns on. */
function weighed(first: readonly Substance[], second: readonly Substance[], from: number): TurnPair[] {
  const [rows, columns] = [first.length - from, second.length - from];
  const width = columns + 1;
  const best = new Int32Array((rows + 1) * width);
  const alike = new Uint8Array(rows * columns);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const [one, other] = [first[from + i], second[from + j]];
      const like = one && other ? likeness(one, other) : 0;
      alike[i * columns + j] = like;
      best[i * width + j] = Math.max(
        like > 0 ? like + (best[(i + 1) * width + j + 1] ?? 0) : 0,
        best[(i + 1) * width + j] ?? 0,
        best[i * width + j + 1] ?? 0,
      );
    }
  }
  const pairs: TurnPair[] = [];
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    const like = i < rows && j < columns ? (alike[i * columns + j] ?? 0) : 0;
    const here = best[i * width + j] ?? 0;
    if (like > 0 && here === like + (best[(i + 1) * width + j + 1] ?? 0)) {
      pairs.push(paired(first, second, from + i++, from + j++));
    } else if (j >= columns || (i < rows && here === (best[(i + 1) * width + j] ?? 0))) {
      pairs.push({ first: from + i++, why: ONLY_FIRST });
    } else {
      pairs.push({ second: from + j++, why: ONLY_SECOND });
    }
  }
  return pairs;
}
