import type { TurnKind } from '@rolloscope/contract/names';
import type { Timeline } from './readTimeline';

/** A block that is drawn as one: a turn, or several that are too short to be told apart. */
export interface Block {
  kind: TurnKind;
  line: number;
  /** The left edge and the width, in pixels. */
  left: number;
  width: number;
  /** The turn, or the longest one of several. */
  turn: number;
  turns: number;
  hasError: boolean;
}

/** Bars that are narrower are joined with neighbours as narrow. */
const NARROW = 3;
const LEAST_WIDTH = 2;

/** The blocks that show between two pixels of a timeline that is `width` pixels long. */
export function layBlocks(timeline: Timeline, width: number, from: number, to: number): Block[] {
  const { bars, length } = timeline;
  const scale = length > 0 ? width / length : 0;
  const blocks: Block[] = [];
  const last = new Map<string, Block & { longest: number; isNarrow: boolean }>();
  for (const turn of byStart(timeline)) {
    const bar = bars[turn];
    if (!bar) {
      continue;
    }
    const [left, right] = [bar.from * scale, bar.to * scale];
    if (right < from || left > to) {
      continue;
    }
    const { kind } = bar.turn;
    const key = `${kind} ${bar.line}`;
    const before = last.get(key);
    const isNarrow = right - left < NARROW;
    const hasError = bar.turn.error !== undefined;
    if (before?.isNarrow && isNarrow && left - (before.left + before.width) < 1) {
      before.width = Math.max(before.width, right - before.left);
      before.turns++;
      before.hasError ||= hasError;
      if (right - left > before.longest) {
        [before.turn, before.longest] = [turn, right - left];
      }
    } else {
      const block = {
        kind,
        line: bar.line,
        left,
        width: Math.max(right - left, LEAST_WIDTH),
        turn,
        turns: 1,
        hasError,
        longest: right - left,
        isNarrow,
      };
      last.set(key, block);
      blocks.push(block);
    }
  }
  return blocks;
}

const orders = new WeakMap<Timeline, readonly number[]>();

function byStart(timeline: Timeline): readonly number[] {
  const known = orders.get(timeline);
  if (known) {
    return known;
  }
  const { bars } = timeline;
  const order = [...bars.keys()].sort((a, b) => (bars[a]?.from ?? 0) - (bars[b]?.from ?? 0));
  orders.set(timeline, order);
  return order;
}

/** The turn of a kind that is at a place of the axis, the shortest of several; else the nearest one. */
export function turnAt({ bars }: Timeline, kind: TurnKind, at: number): number | undefined {
  let [found, least]: [number | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
  for (const [i, { turn, from, to }] of bars.entries()) {
    if (turn.kind === kind) {
      const away = at < from ? from - at : at > to ? at - to : 0;
      if (away < least) {
        [found, least] = [i, away];
      }
    }
  }
  return found;
}
