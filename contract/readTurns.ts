import { isObject } from './isObject';
import { jsonCell } from './jsonCell';
import { TURN_KINDS, type TurnKind } from './names';
import type { Turn } from './turns';

/** The turns of a rollout that are sound, and in words what of the cell is not; a fault is said once, with its count. */
export interface Turns {
  turns: readonly Turn[];
  faults: readonly string[];
}

const TEXTS = ['role', 'content', 'tool', 'error', 'finishReason'] as const;
const COUNTS = ['message', 'tokensIn', 'tokensOut', 'parent'] as const;
const KINDS: ReadonlySet<unknown> = new Set(TURN_KINDS);
const LATEST = 8_640_000_000_000_000;
/** Turns of one rollout that are read: of more the first ones. */
export const MOST_TURNS = 100_000;

/**
 * Reads a cell of the role `turns` (`contract/turns.ts`), as JSON text, too; undefined for what is no list of turns.
 * What is sound is taken; of what is not, the field or the entry is left out and named. Takes time by its length alone.
 *
 * @param messages how many messages the same rollout has; left out where that is not known
 */
export function readTurns(cell: unknown, messages?: number): Turns | undefined {
  const list = jsonCell(cell);
  if (!Array.isArray(list) || !list.some(isObject)) {
    return undefined;
  }
  const faults = new Faults();
  const placeOf = new Map<number, number>();
  const turns: Turn[] = [];
  for (const [i, entry] of list.slice(0, MOST_TURNS).entries()) {
    if (isObject(entry)) {
      placeOf.set(i, turns.length);
      turns.push(readTurn(entry, messages, faults));
    } else {
      faults.add('is no object', 'are no objects');
    }
  }
  joinParents(turns, placeOf, faults);
  lookAtOrder(turns, faults);
  const more = list.length - MOST_TURNS;
  const left = more > 0 ? [`${more.toLocaleString('en')} more turns than are read are left out.`] : [];
  return { turns, faults: [...faults.words(), ...left] };
}

/** Milliseconds that a turn took; undefined where that is not known. */
export const turnMilliseconds = ({ start, end, seconds }: Turn): number | undefined =>
  start !== undefined && end !== undefined ? end - start : seconds === undefined ? undefined : seconds * 1_000;

/** The faults by kind, with how many turns have each: a million faults of one kind are one sentence. */
class Faults {
  private readonly counts = new Map<string, { count: number; many: string }>();

  add(one: string, many: string): void {
    const known = this.counts.get(one);
    if (known) {
      known.count++;
    } else {
      this.counts.set(one, { count: 1, many });
    }
  }

  words(): string[] {
    return [...this.counts].map(([one, { count, many }]) =>
      count === 1 ? `1 turn ${one}.` : `${count.toLocaleString('en')} turns ${many}.`,
    );
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isMoment = (value: unknown): value is number => isNumber(value) && value >= 0 && value <= LATEST;

function readTurn(entry: Record<string, unknown>, messages: number | undefined, faults: Faults): Turn {
  const turn: Turn = { kind: kindOf(entry, faults) };
  const take = <K extends keyof Turn>(name: K, isSound: (value: unknown) => boolean, what: string) => {
    const value = entry[name];
    if (value !== undefined && value !== null) {
      if (isSound(value)) {
        turn[name] = value as Turn[K];
      } else {
        faults.add(`has a ${name} that is no ${what}`, `have a ${name} that is no ${what}`);
      }
    }
  };
  for (const name of TEXTS) {
    take(name, (value) => typeof value === 'string', 'text');
  }
  for (const name of COUNTS) {
    take(name, isCount, 'count');
  }
  take('start', isMoment, 'time in epoch milliseconds');
  take('end', isMoment, 'time in epoch milliseconds');
  take('seconds', (value) => isNumber(value) && value >= 0, 'duration in seconds');
  take('reward', isNumber, 'number');
  take('policyVersion', Number.isSafeInteger, 'whole number');
  if (turn.start !== undefined && turn.end !== undefined && turn.end < turn.start) {
    faults.add('ends before it starts: its end is left out', 'end before they start: their ends are left out');
    delete turn.end;
  }
  if (turn.message !== undefined && messages !== undefined && turn.message >= messages) {
    faults.add('names a message that there is not', 'name messages that there are not');
    delete turn.message;
  }
  return turn;
}

/** A turn that does not say its kind is told by who speaks. */
function kindOf({ kind, role, tool }: Record<string, unknown>, faults: Faults): TurnKind {
  if (KINDS.has(kind)) {
    return kind as TurnKind;
  }
  const told = role === 'assistant' ? 'generate' : role === 'tool' || typeof tool === 'string' ? 'tool' : 'environment';
  if (kind !== undefined && kind !== null) {
    faults.add(`has an unknown kind: it is read as ${told}`, 'have unknown kinds: they are read by their roles');
  }
  return told;
}

/** Parents by their places in what is left of the list, without those that there are not, and without circles. */
function joinParents(turns: readonly Turn[], placeOf: ReadonlyMap<number, number>, faults: Faults): void {
  for (const turn of turns) {
    const parent = turn.parent === undefined ? undefined : placeOf.get(turn.parent);
    if (turn.parent !== undefined && parent === undefined) {
      faults.add('has a parent that there is not', 'have parents that there are not');
      delete turn.parent;
    } else if (parent !== undefined) {
      turn.parent = parent;
    }
  }
  // For each turn it holds the walk on which it was first seen: one that meets itself is in a circle.
  const seen = new Int32Array(turns.length);
  for (let first = 0; first < turns.length; first++) {
    let at = first;
    while (seen[at] === 0) {
      seen[at] = first + 1;
      const turn = turns[at];
      const parent = turn?.parent;
      if (parent === undefined) {
        break;
      }
      if (seen[parent] === first + 1) {
        faults.add('is its own ancestor: it begins a branch', 'are their own ancestors: each begins a branch');
        delete turn?.parent;
        break;
      }
      at = parent;
    }
  }
}

/** Times and versions that run backwards, and calls at the same time, are no faults of a field: all of it is taken. */
function lookAtOrder(turns: readonly Turn[], faults: Faults): void {
  let [start, end, version] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const turn of turns) {
    if (turn.start !== undefined && turn.start < start) {
      faults.add('starts before the one before it', 'start before the ones before them');
    } else if (turn.start !== undefined && turn.start < end) {
      faults.add('overlaps one before it', 'overlap others before them');
    }
    if (turn.policyVersion !== undefined && turn.policyVersion < version) {
      faults.add('has an older policy than the one before it', 'have older policies than the ones before them');
    }
    start = turn.start ?? start;
    end = Math.max(end, turn.end ?? end);
    version = turn.policyVersion ?? version;
  }
}
