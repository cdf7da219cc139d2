import { escapeLine } from '../../shared/escapeText';
import type { PartKind, Turn, TurnRole } from '../reader/transcript/Turn';
import { compareAnswers } from '../reader/verdict/compareAnswers';
import { findAnswer } from '../reader/verdict/findAnswer';

/** The substance of a turn, its wording aside: two that do the same are the same turn of two rollouts. */
export interface Substance {
  role: TurnRole;
  calls: readonly Call[];
  /** The answers of tools, by their names. */
  results: readonly Call[];
  /** The text beside calls and results, thinking left out; blanks and ends of lines make no difference. */
  text: string;
  /** The final answer in it. */
  answer: string | undefined;
  /** Equal for turns that do the same to the letter: many pairs are weighed, and each by no more than this. */
  key: string;
  /** The same of the tools that are called or answer, whatever they are told. */
  tools: string;
}

interface Call {
  name: string;
  /** Arguments or an answer, in a form in which equal ones are equal texts. */
  text: string;
}

const ROLES: Record<TurnRole, string> = {
  system: 'the system',
  user: 'the user',
  assistant: 'the model',
  tool: 'a tool',
  text: 'a text',
};
const NAME_CHARS = 40;
const short = (text: string) => escapeLine(text.length > NAME_CHARS ? `${text.slice(0, NAME_CHARS)}…` : text);
/** Blanks and ends of lines make no difference. */
const plain = (text: string) => text.replace(/\s+/g, ' ').trim();

export function substanceOf({ role, name, parts }: Turn): Substance {
  // What a message of a tool says is its result, however it was logged.
  const isKind = (kind: PartKind, wanted: 'call' | 'result') =>
    kind === wanted || (wanted === 'result' && role === 'tool' && kind === 'text');
  const of = (wanted: 'call' | 'result') =>
    parts
      .filter(({ kind }) => isKind(kind, wanted))
      .map((part): Call => ({ name: part.name ?? name ?? 'a tool', text: comparable(part.text) }));
  const said = parts
    .filter(({ kind }) => (kind === 'text' && role !== 'tool') || kind === 'answer' || kind === 'media')
    .map((part) => part.open + part.text + part.close)
    .join('');
  const [calls, results, text] = [of('call'), of('result'), plain(said)];
  const answer = role === 'assistant' && calls.length === 0 ? findAnswer(said)?.text : undefined;
  const told = calls.length > 0 ? '' : (answer ?? text);
  return {
    role,
    calls,
    results,
    text,
    answer,
    key: JSON.stringify([role, calls, results, told]),
    tools: JSON.stringify([role, calls.map(({ name }) => name), results.map(({ name }) => name)]),
  };
}

/** JSON with its keys in order, so that the order in which a model wrote them says nothing; other texts as they are. */
function comparable(text: string): string {
  if (!/^\s*[[{]/.test(text)) {
    return plain(text);
  }
  try {
    return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  } catch {
    return plain(text);
  }
}

/** Says how two turns differ in substance: tool, arguments, result or answer; returns undefined where they do not. */
export function differenceOf(one: Substance, other: Substance): string | undefined {
  if (one.key === other.key) {
    return undefined;
  }
  if (one.role !== other.role) {
    return `${ROLES[one.role]} speaks, in the second ${ROLES[other.role]}`;
  }
  const calls = callDifference(one.calls, other.calls);
  if (calls !== undefined || one.calls.length > 0) {
    return calls;
  }
  for (const [i, result] of one.results.entries()) {
    if (result.text !== other.results[i]?.text) {
      return `another result of ${short(result.name)}`;
    }
  }
  if (one.results.length !== other.results.length) {
    return `${one.results.length} results, in the second ${other.results.length}`;
  }
  if (one.answer !== undefined && other.answer !== undefined) {
    return compareAnswers(one.answer, other.answer)
      ? undefined
      : `another answer: ${short(one.answer)}, in the second ${short(other.answer)}`;
  }
  return one.text === other.text ? undefined : `other words of ${ROLES[one.role]}`;
}

function callDifference(one: readonly Call[], other: readonly Call[]): string | undefined {
  for (const [i, call] of one.entries()) {
    const second = other[i];
    if (!second) {
      break;
    }
    if (call.name !== second.name) {
      return `another tool: ${short(call.name)}, in the second ${short(second.name)}`;
    }
    if (call.text !== second.text) {
      return `other arguments of ${short(call.name)}`;
    }
  }
  if (one.length === other.length) {
    return undefined;
  }
  const [first] = one.length > other.length ? one.slice(other.length) : other.slice(one.length);
  const which = one.length > other.length ? 'the first' : 'the second';
  return `only ${which} calls ${short(first?.name ?? 'a tool')}`;
}
