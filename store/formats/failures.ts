import type { Turn } from '@rolloscope/contract/types';
import { isObject } from './readObject';
import { ENDED_WORDS, FAILURE_WORDS } from './stopWords';

/** Words for what gave way, by words in what was logged of it, the first that fits; `error` where none does. */
const KINDS: ReadonlyArray<readonly [failure: string, words: readonly string[]]> = [
  ['timeout', ['timeout', 'timed out', 'timed_out', 'time-out', 'time out', 'time limit', 'time_limit', 'deadline']],
  ['sandbox', ['sandbox', 'container', 'docker', 'kubernetes', 'tunnel']],
  ['aborted', ['abort', 'cancel', 'interrupt', 'killed', 'evict', 'preempt']],
  ['model', ['modelerror', 'modelresponse', 'model error', 'inference', 'rate limit', 'ratelimit', 'overload']],
  ['connection', ['connect', 'network', 'unreachable', 'socket', 'dns']],
  ['tool', ['tool']],
];
/** Characters of an error that are looked at: the kind stands at its beginning, and a trace behind it may be megabytes. */
const LOOKED_AT = 1_000;
/** Errors of one list that are looked at. */
const MOST_ERRORS = 20;

/** Texts of an error that say there is none, as Python's writers have them. */
const NO_ERRORS: ReadonlySet<string> = new Set(['', 'none', 'null', 'nan', 'false', '[]', '{}']);

/** A short word for what gave way, of the text of an error, a reason or a state. */
export function failureWord(text: string): string {
  const told = text.slice(0, LOOKED_AT).toLowerCase();
  return KINDS.find(([, words]) => words.some((word) => told.includes(word)))?.[0] ?? 'error';
}

/**
 * Gives a word for what an error says that a trainer logged; null where it says that there was none, as an empty text
 * or list does.
 */
export function errorFailure(cell: unknown): string | null {
  if (typeof cell === 'string') {
    const isNone = NO_ERRORS.has(cell.slice(0, 10).trim().toLowerCase()) && cell.trim().length < 10;
    return isNone ? null : failureWord(cell);
  }
  if (Array.isArray(cell)) {
    const words = cell.slice(0, MOST_ERRORS).map(errorFailure);
    return words.find((word) => word !== null && word !== 'error') ?? words.find((word) => word !== null) ?? null;
  }
  if (isObject(cell)) {
    const said = [cell.type, cell.error_type, cell.error, cell.name, cell.code, cell.message, cell.detail];
    const texts = said.filter((one) => typeof one === 'string');
    return Object.keys(cell).length === 0 ? null : failureWord(texts.map((one) => one.slice(0, LOOKED_AT)).join(' '));
  }
  return cell === true || (typeof cell === 'number' && cell !== 0) ? 'error' : null;
}

/** Reads a rollout's end or state: a word where something gave way, null where it ended of its own, else undefined. */
export function endFailure(cell: unknown): string | null | undefined {
  if (Array.isArray(cell)) {
    return endFailure(cell.at(-1));
  }
  if (isObject(cell)) {
    return endFailure(cell.type);
  }
  // It may be `Status.ABORTED`, say, as Python writes a member of an enumeration.
  const word = typeof cell === 'string' ? cell.slice(cell.lastIndexOf('.') + 1).toLowerCase() : '';
  return FAILURE_WORDS.has(word) ? failureWord(word) : ENDED_WORDS.has(word) ? null : undefined;
}

/**
 * Gives a word for the failure where the last thing that happened in a rollout was an error: what an agent went on from
 * is part of its work. Undefined where nothing tells.
 */
export function turnsFailure(turns: readonly Turn[]): string | undefined {
  const last = turns.at(-1);
  if (last?.error !== undefined && last.error !== '') {
    return failureWord(last.error);
  }
  const ended = endFailure(last?.finishReason);
  return ended ?? undefined;
}
