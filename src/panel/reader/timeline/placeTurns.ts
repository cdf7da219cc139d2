import { turnMilliseconds } from '@rolloscope/contract/readTurns';
import type { Turn } from '@rolloscope/contract/types';

/** The place of a turn on an axis that begins at 0. */
export interface Place {
  from: number;
  to: number;
}

/** A time in which nothing was under way, drawn shorter than it was. */
export interface Cut {
  /** The place on the axis, in the middle of what is left of it. */
  at: number;
  milliseconds: number;
}

export interface Placed {
  places: readonly Place[];
  /** The length of the axis in milliseconds, gaps that were cut left out. */
  length: number;
  /** The time from the first start to the last end, in milliseconds, as it was. */
  whole: number;
  cuts: readonly Cut[];
  /** Some durations have no moment: such turns follow the ones before them. */
  isGuessed: boolean;
}

/** A gap is cut where it is so many times what is under way in all, … */
const LONGEST_GAP = 1;
/** … down to this part of it. */
const CUT_TO = 0.05;

/**
 * Turns on an axis of milliseconds, to scale: each where its own times say. One that tells only how long it took begins
 * where those before it ended; one that tells nothing is a moment there. Long gaps, such as those of clocks hours apart,
 * are cut, or nothing else would be seen.
 */
export function placeTurns(turns: readonly Turn[]): Placed {
  const moments = turns.flatMap(({ start, end }) => start ?? end ?? []);
  let until = moments.reduce((first, moment) => Math.min(first, moment), moments[0] ?? 0);
  let isGuessed = false;
  const raw = turns.map((turn): Place => {
    const { start, end } = turn;
    const time = turnMilliseconds(turn) ?? 0;
    isGuessed ||= start === undefined && end === undefined && time > 0;
    const from = start ?? (end === undefined ? until : end - time);
    const place = { from, to: from + time };
    until = Math.max(until, place.to);
    return place;
  });
  return { ...cutGaps(raw), isGuessed };
}

function cutGaps(raw: readonly Place[]): Omit<Placed, 'isGuessed'> {
  const stretches = joined(raw);
  const busy = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  const [most, left] = [busy * LONGEST_GAP, busy * CUT_TO];
  const cuts: Cut[] = [];
  // Milliseconds by which each stretch is drawn earlier than it was.
  let shift = stretches[0]?.from ?? 0;
  const shifts = stretches.map(({ from }, i) => {
    const before = stretches[i - 1];
    const gap = before ? from - before.to : 0;
    if (before && gap > most) {
      cuts.push({ at: before.to - shift + left / 2, milliseconds: gap });
      shift += gap - left;
    }
    return shift;
  });
  const places = raw.map(({ from, to }) => {
    const by = shifts[stretchOf(stretches, from)] ?? 0;
    return { from: from - by, to: to - by };
  });
  const last = stretches.at(-1);
  const whole = last ? last.to - (stretches[0]?.from ?? 0) : 0;
  return { places, length: last ? last.to - shift : 0, whole, cuts };
}

/** Stretches of time in which something is under way, one after the other. */
function joined(raw: readonly Place[]): Place[] {
  const stretches: Place[] = [];
  for (const { from, to } of [...raw].sort((a, b) => a.from - b.from)) {
    const last = stretches.at(-1);
    if (last && from <= last.to) {
      last.to = Math.max(last.to, to);
    } else {
      stretches.push({ from, to });
    }
  }
  return stretches;
}

/** The last stretch that begins no later than a moment. */
function stretchOf(stretches: readonly Place[], moment: number): number {
  let [low, high] = [0, stretches.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((stretches[middle]?.from ?? 0) <= moment) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
