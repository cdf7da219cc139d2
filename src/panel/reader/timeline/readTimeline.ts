import { charCount } from '@rolloscope/contract/charCount';
import { TURN_KINDS, type TurnKind } from '@rolloscope/contract/names';
import { readTurns, turnMilliseconds } from '@rolloscope/contract/readTurns';
import { turnTimes } from '@rolloscope/contract/turnTimes';
import type { Turn } from '@rolloscope/contract/types';
import { countText } from '../../text/countText';
import { formatSeconds } from '../../text/formatSeconds';
import { OUTLINED } from '../conversation/outlined';
import type { Section } from '../transcript/readTranscript';
import type { Turn as SaidTurn, TurnRole } from '../transcript/Turn';
import { type Cut, type Place, placeTurns } from './placeTurns';

/** One turn or call on the timeline. */
interface Bar extends Place {
  turn: Turn;
  /** The turn of the conversation that it is, counted from 0 over all sections; left out where nothing tells. */
  said?: number;
  /** The line of its lane that it is drawn in: calls at the same time stand below each other. */
  line: number;
}

export interface Timeline {
  bars: readonly Bar[];
  /** The unit of a bar's length. */
  measure: 'milliseconds' | 'tokens' | 'characters' | 'turns';
  /** The length of the axis, in that measure. */
  length: number;
  cuts: readonly Cut[];
  lanes: readonly Lane[];
  /** Seconds that all kinds add up to; undefined where no times are logged. */
  seconds: number | undefined;
  /** The tool's call that took longest, else the turn that did; undefined where no times are logged. */
  slowest: number | undefined;
  /** The versions of the policy that are logged, ascending. */
  versions: readonly number[];
  /** The notes on what the bars are, and on what of the cell is not shown as it was logged, in words. */
  notes: readonly string[];
}

/** The turns of one kind. */
export interface Lane {
  kind: TurnKind;
  /** Lines below each other. */
  lines: number;
  turns: number;
  /** Seconds that they add up to; null where nothing tells. */
  seconds: number | null;
}

/** Calls at one time that are drawn below each other; more share the last line. */
const MOST_LINES = 4;

const KIND_OF: Record<TurnRole, TurnKind> = {
  system: 'environment',
  user: 'environment',
  assistant: 'generate',
  tool: 'tool',
  text: 'environment',
};

/**
 * Reads where the time of a rollout went, or how long what was said is where no times are logged; returns undefined for
 * a rollout with neither turns nor a long conversation.
 *
 * @param cell of the role `turns`
 * @param sections the conversation of the same row
 */
export function readTimeline(cell: unknown, sections: readonly Section[]): Timeline | undefined {
  const said = sections.flatMap(({ turns }) => turns);
  // Messages come first, and a list of them has a turn for each.
  const messages = sections[0]?.template === 'messages' && sections[0].of === 'messages' ? sections[0].turns.length : 0;
  const read = readTurns(cell, messages > 0 ? messages : undefined);
  if (!read && said.length < OUTLINED) {
    return undefined;
  }
  const turns = read?.turns ?? said.map(turnOf);
  const times = turnTimes(turns);
  const placed = times && placeTurns(turns);
  const isTimed = placed !== undefined && placed.length > 0;
  const saidOf = (turn: Turn, i: number) => (read ? (messages > 0 ? turn.message : undefined) : i);
  const textOf = (turn: Turn, i: number) => turn.content ?? said[saidOf(turn, i) ?? -1]?.text;
  const lengths = isTimed ? undefined : lengthsOf(turns, textOf);
  const places = isTimed ? placed.places : (lengths?.places ?? []);
  const { lines, counts } = linesOf(turns, places);
  const total = times && Object.values(times.seconds).reduce<number>((sum, one) => sum + (one ?? 0), 0);
  const bars = turns.map((turn, i): Bar => {
    const at = saidOf(turn, i);
    return { turn, ...(places[i] ?? { from: 0, to: 0 }), line: lines[i] ?? 0, ...(at !== undefined && { said: at }) };
  });
  return {
    bars,
    measure: isTimed ? 'milliseconds' : (lengths?.measure ?? 'turns'),
    length: isTimed ? placed.length : (lengths?.length ?? 0),
    cuts: isTimed ? placed.cuts : [],
    lanes: TURN_KINDS.flatMap((kind) => {
      const count = turns.filter((turn) => turn.kind === kind).length;
      return count === 0
        ? []
        : [
            {
              kind,
              lines: counts.get(kind) ?? 1,
              turns: count,
              seconds: isTimed ? (times?.seconds[kind] ?? null) : null,
            },
          ];
    }),
    seconds: isTimed ? total : undefined,
    slowest: isTimed ? slowestOf(turns) : undefined,
    versions: [...new Set(turns.flatMap(({ policyVersion }) => policyVersion ?? []))].sort((a, b) => a - b),
    notes: [
      ...(isTimed ? [] : [lengthNote(lengths?.measure ?? 'turns', read !== undefined)]),
      ...(isTimed ? timeNotes(turns, placed, total ?? 0) : []),
      ...(read && messages === 0 && turns.some(({ message }) => message !== undefined)
        ? ['The conversation is no list of messages: bars lead to none of its turns.']
        : []),
      ...(read?.faults ?? []),
    ],
  };
}

const turnOf = ({ role, name }: SaidTurn): Turn => ({
  kind: KIND_OF[role],
  role,
  ...(role === 'tool' && name !== undefined && { tool: name }),
});

/** Measures turns in tokens where every one tells them, else in characters; all are alike where none has a length. */
function lengthsOf(turns: readonly Turn[], textOf: (turn: Turn, i: number) => string | undefined) {
  const tokens = turns.map(({ tokensOut }) => tokensOut);
  const isTold = tokens.every((count) => count !== undefined) && tokens.some((count) => count > 0);
  const characters = isTold ? tokens : turns.map((turn, i) => charCount(textOf(turn, i) ?? ''));
  const measure = isTold ? 'tokens' : characters.some((count) => (count ?? 0) > 0) ? 'characters' : 'turns';
  let length = 0;
  const places = characters.map((count): Place => {
    const from = length;
    length += measure === 'turns' ? 1 : (count ?? 0);
    return { from, to: length };
  });
  return { places, length, measure } as const;
}

/** Finds for each turn the first line of its lane that is free when it begins. */
function linesOf(turns: readonly Turn[], places: readonly Place[]) {
  const ends = new Map<TurnKind, number[]>();
  const lines = new Array<number>(turns.length).fill(0);
  const order = [...turns.keys()].sort((a, b) => (places[a]?.from ?? 0) - (places[b]?.from ?? 0));
  for (const i of order) {
    const [turn, place] = [turns[i], places[i]];
    if (turn && place) {
      const used = ends.get(turn.kind) ?? [];
      ends.set(turn.kind, used);
      const free = used.findIndex((end) => end <= place.from);
      const line = free >= 0 ? free : Math.min(used.length, MOST_LINES - 1);
      used[line] = Math.max(used[line] ?? 0, place.to);
      lines[i] = line;
    }
  }
  return { lines, counts: new Map([...ends].map(([kind, used]) => [kind, used.length])) };
}

function slowestOf(turns: readonly Turn[]): number | undefined {
  const longest = (is: (turn: Turn) => boolean) => {
    let [found, most]: [number | undefined, number] = [undefined, -1];
    for (const [i, turn] of turns.entries()) {
      const time = is(turn) ? turnMilliseconds(turn) : undefined;
      if (time !== undefined && time > most) {
        [found, most] = [i, time];
      }
    }
    return found;
  };
  return (
    longest(({ kind, tool }) => kind === 'tool' && tool !== undefined) ??
    longest(({ kind }) => kind === 'tool') ??
    longest(() => true)
  );
}

function lengthNote(measure: 'tokens' | 'characters' | 'turns', hasTurns: boolean): string {
  const what = hasTurns ? 'No times are logged' : 'No turns with times are logged';
  return measure === 'turns'
    ? `${what}, and no lengths: every turn is as long as the others.`
    : `${what}: bars are as long as what was said, in ${measure}.`;
}

function timeNotes(turns: readonly Turn[], placed: ReturnType<typeof placeTurns>, seconds: number): string[] {
  const { cuts, isGuessed, whole } = placed;
  const untimed = turns.filter((turn) => turnMilliseconds(turn) === undefined).length;
  const idle = whole / 1_000 - seconds;
  const longest = cuts.reduce((most, { milliseconds }) => Math.max(most, milliseconds), 0) / 1_000;
  return [
    ...(isGuessed ? ['Some turns tell how long they took, and not when: they follow the ones before them.'] : []),
    ...(untimed > 0
      ? [`${countText(untimed, 'turn')} of ${turns.length.toLocaleString('en')} without times: a line each.`]
      : []),
    ...(idle > whole * 1e-5 && idle > 0.01
      ? [
          `In ${formatSeconds(idle)} of ${formatSeconds(whole / 1_000)} from beginning to end nothing was logged to be under way.`,
        ]
      : []),
    ...(cuts.length > 0
      ? [
          `${countText(cuts.length, 'long gap')} cut short, the longest of ${formatSeconds(longest)}: a pause, or clocks that are apart.`,
        ]
      : []),
  ];
}
