import type { Turn } from '@rolloscope/contract/types';
import { epochMilliseconds } from './epochMilliseconds';
import { isObject } from './readObject';
import { errorText, inTime, secondsAt, soundTurns } from './turns';

type Fields = Record<string, unknown>;

const STARTS = ['start', 'start_time', 'startTime', 'started_at', 'start_ts', 't0', 'wall_start'];
const ENDS = ['end', 'end_time', 'endTime', 'completed_at', 'ended_at', 'end_ts', 't1', 'wall_end'];
const NAMES = ['name', 'tool', 'tool_name'];
const KINDS = ['kind', 'type', 'span_type', 'op'];

/** Patterns that tell what a span is for, by its kind, else by its name. */
const WORDS = [
  ['tool', /tool|function_call|retriev/i],
  ['generate', /llm|generat|sampl|completion|chat|model|inference|policy/i],
  ['queue', /queue|wait|schedul|pending/i],
] as const;

const firstOf = (span: Fields, names: readonly string[]) => names.map((name) => span[name]).find((one) => one != null);
const textIn = (span: Fields, names: readonly string[]) => {
  const found = firstOf(span, names);
  return typeof found === 'string' ? found : undefined;
};

/**
 * Turns of spans as tracers write them: a name, a start and an end in any unit since 1970, or a duration. What a span is
 * for is told by its kind or its name; what these do not tell is the environment's. Undefined where there is none.
 */
export function spanTurns(spans: unknown): Turn[] | undefined {
  const turns = (Array.isArray(spans) ? spans : []).filter(isObject).map((span) => {
    const [name, said] = [textIn(span, NAMES), textIn(span, KINDS)];
    const kind = kindOf(said) ?? kindOf(name) ?? 'environment';
    return {
      kind,
      ...(name !== undefined && kind !== 'generate' && { tool: name }),
      start: momentOf(firstOf(span, STARTS)),
      end: momentOf(firstOf(span, ENDS)),
      seconds: secondsOf(span),
      error: errorText(span.error),
    };
  });
  return soundTurns(inTime(turns));
}

/** Reads a moment in epoch milliseconds, to the microsecond where it is in seconds. */
const momentOf = (value: unknown) => {
  const moment = epochMilliseconds(value);
  return moment !== undefined && typeof value === 'number' && value < moment / 100 ? secondsAt(value) : moment;
};

const kindOf = (text = '') => WORDS.find(([, pattern]) => pattern.test(text))?.[0];

/** Gives the seconds that a span took by its own word: clocks may count from anywhere. */
function secondsOf(span: Fields): number | undefined {
  const { duration, duration_s, duration_ms } = span;
  const seconds = [duration, duration_s].find((one) => typeof one === 'number');
  return typeof seconds === 'number' ? seconds : typeof duration_ms === 'number' ? duration_ms / 1_000 : undefined;
}

/**
 * Turns with what lies between and around them from one moment to another, in epoch seconds, as turns of their own: what
 * comes before the first is the queue's, all else what `tool` names of the environment.
 */
export function withRest(turns: readonly Turn[], from: unknown, to: unknown, tool: string): Turn[] {
  const all: Turn[] = [];
  let until = secondsAt(from);
  for (const turn of inTime(turns)) {
    if (until !== undefined && turn.start !== undefined && turn.start > until) {
      const isFirst = all.length === 0;
      all.push({ ...(isFirst ? { kind: 'queue' } : { kind: 'environment', tool }), start: until, end: turn.start });
    }
    all.push(turn);
    until = Math.max(until ?? 0, turn.end ?? 0) || undefined;
  }
  const end = secondsAt(to);
  if (until !== undefined && end !== undefined && end > until) {
    all.push({ kind: 'environment', tool, start: until, end });
  }
  return all;
}
