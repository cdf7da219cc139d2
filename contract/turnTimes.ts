import { TURN_KINDS, type TurnKind } from './names';
import { turnMilliseconds } from './readTurns';
import type { Turn } from './turns';

/** The account of where the time of a rollout went. */
export interface TurnTimes {
  /**
   * Seconds by kind. Each moment counts once, however many calls are under way in it: for generating, else for a tool,
   * the environment, the queue, so that the kinds add up to the time from beginning to end. 0 where there was none of a
   * kind; null where there was, and nothing tells how long.
   */
  seconds: Record<TurnKind, number | null>;
  /** The name of the tool whose one call took longest; null where no call has both. */
  slowestTool: string | null;
}

/** Adds up where the time of a rollout went; undefined where no turn tells how long it took. */
export function turnTimes(turns: readonly Turn[]): TurnTimes | undefined {
  const untimed = new Set<TurnKind>();
  const told = new Map<TurnKind, number>();
  const moments: Moment[] = [];
  let slowest: { tool: string; time: number } | undefined;
  for (const turn of turns) {
    const { kind, tool, start, end } = turn;
    const time = turnMilliseconds(turn);
    if (time === undefined) {
      untimed.add(kind);
      continue;
    }
    if (kind === 'tool' && tool !== undefined && time > (slowest?.time ?? -1)) {
      slowest = { tool, time };
    }
    told.set(kind, (told.get(kind) ?? 0) + (start === undefined || end === undefined ? time : 0));
    if (start !== undefined && end !== undefined && end > start) {
      moments.push({ at: start, kind, by: 1 }, { at: end, kind, by: -1 });
    }
  }
  if (told.size === 0) {
    return undefined;
  }
  for (const [kind, time] of spent(moments)) {
    told.set(kind, (told.get(kind) ?? 0) + time);
  }
  const of = (kind: TurnKind) => {
    const time = told.get(kind);
    return time !== undefined ? time / 1_000 : untimed.has(kind) ? null : 0;
  };
  const seconds = { generate: of('generate'), tool: of('tool'), environment: of('environment'), queue: of('queue') };
  return { seconds, slowestTool: slowest?.tool ?? null };
}

/** A turn begins, or ends. */
interface Moment {
  at: number;
  kind: TurnKind;
  by: 1 | -1;
}

/** Milliseconds by kind, each counted for the first kind under way in it. */
function spent(moments: Moment[]): Map<TurnKind, number> {
  const times = new Map<TurnKind, number>();
  const under: Record<TurnKind, number> = { generate: 0, tool: 0, environment: 0, queue: 0 };
  let before = 0;
  for (const { at, kind, by } of moments.sort((a, b) => a.at - b.at)) {
    const first = TURN_KINDS.find((one) => under[one] > 0);
    if (first !== undefined) {
      times.set(first, (times.get(first) ?? 0) + at - before);
    }
    under[kind] += by;
    before = at;
  }
  return times;
}
