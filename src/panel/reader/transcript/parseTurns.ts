import { countControlTokens } from './controlTokens';
import { readHead } from './readName';
import { splitParts, textPart } from './splitParts';
import type { Mark, Template } from './Template';
import type { Doubt, Part, Turn, TurnRole } from './Turn';

/**
 * The origin of a text, and so what its control tokens prove. A trainer writes a prompt by the template. A response is
 * what the model wrote, with what the environment put between.
 */
export type Origin = 'prompt' | 'response';

interface Options {
  origin: Origin;
  /** The speaker where the text begins without a token; `text` unless said otherwise. */
  opening?: TurnRole;
  /** The opening tag of a thinking part that the text begins in. */
  thinking?: string | undefined;
  /** The template itself is a guess. */
  isGuess?: boolean;
  /** The tokens that end turns were stripped: the next one's opening token ends a turn. */
  lostEnds?: boolean;
}

/** A turn while it is read, by places in the text. */
interface Draft {
  role: TurnRole;
  name?: string;
  from: number;
  bodyFrom: number;
  bodyTo?: number;
  doubts: Doubt[];
}

const compiled = new Map<Template, RegExp>();

function patternOf(template: Template): RegExp {
  const known = compiled.get(template);
  const pattern = known ?? new RegExp(template.marks.map(({ token }) => `(${token})`).join('|'), 'g');
  compiled.set(template, pattern);
  pattern.lastIndex = 0;
  return pattern;
}

/**
 * The turns of a text that follows a template; their `raw` concatenate to the text, whatever it is.
 *
 * A token opens a turn only where the template can have one: behind an ended turn. In a response it opens no system
 * turn, and what it opens is marked. Every other token stays in what was said, and counts as stray.
 */
export function parseTurns(text: string, template: Template, options: Options): Turn[] {
  const isResponse = options.origin === 'response';
  const isGuess = options.isGuess === true || template.isGuess === true;
  const lead = template.lead && !isResponse ? new RegExp(`^(?:\\s{0,99}(?:${template.lead})){1,9}`).exec(text) : null;
  const turns: Turn[] = [];
  let draft: Draft = {
    role: (lead && template.leadOpens) || (options.opening ?? 'text'),
    from: 0,
    bodyFrom: lead ? lead[0].length : 0,
    doubts: [],
  };
  /** The end of the last token that ended the draft, in UTF-16 units. */
  let endedAt = 0;

  const finish = (to: number, isLast = false) => {
    const bodyTo = draft.bodyTo ?? to;
    const isEmpty = draft.from === to || (draft.from === 0 && blank(text, draft.bodyFrom, bodyTo) && !isLast);
    // A beginning token without a turn of its own belongs to the first turn.
    if (!isEmpty || (isLast && turns.length === 0 && to > 0)) {
      turns.push(toTurn(text, draft, bodyTo, to, turns.length === 0 ? options.thinking : undefined));
      return to;
    }
    return draft.from;
  };

  const pattern = patternOf(template);
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const at = match.index;
    const to = at + match[0].length;
    if (at < draft.bodyFrom || match[0] === '') {
      pattern.lastIndex = Math.max(at + 1, draft.bodyFrom);
      continue;
    }
    const mark = template.marks[match.findIndex((group, i) => i > 0 && group !== undefined) - 1];
    if (!mark) {
      continue;
    }
    const hasEnded = draft.bodyTo !== undefined;
    const isGap = hasEnded && blank(text, endedAt, at);
    if (mark.opens === undefined) {
      if (hasEnded && !isGap) {
        const from = finish(endedAt);
        draft = { role: 'text', from, bodyFrom: from, bodyTo: at, doubts: ['outside'] };
      }
      draft.bodyTo ??= at;
      endedAt = to;
      continue;
    }
    const speaker = speakerOf(mark, match[0]);
    const isOver = hasEnded || options.lostEnds === true || !template.ends.includes(draft.role);
    if ((mark.inPromptOnly && isResponse) || !mayOpen(text, draft, at, speaker.role, isOver, isResponse)) {
      continue;
    }
    if (hasEnded && !isGap) {
      const from = finish(endedAt);
      draft = { role: 'text', from, bodyFrom: from, bodyTo: at, doubts: ['outside'] };
    }
    const from = finish(at);
    const doubts = doubtsOf(turns, speaker.role, isResponse, isGuess);
    draft = { ...speaker, from, bodyFrom: to, doubts };
  }
  if (draft.bodyTo !== undefined && !blank(text, endedAt, text.length)) {
    const from = finish(endedAt);
    draft = { role: 'text', from, bodyFrom: from, doubts: ['outside'] };
  }
  finish(text.length, true);
  return turns;
}

const speakerOf = (mark: Mark, token: string) =>
  mark.opens === 'named' ? readHead(token) : { role: mark.opens ?? 'text' };

function mayOpen(
  text: string,
  draft: Draft,
  at: number,
  role: TurnRole,
  isOver: boolean,
  isResponse: boolean,
): boolean {
  const isFirst = draft.from === 0 && blank(text, draft.bodyFrom, draft.bodyTo ?? at);
  return (isFirst || isOver) && !(isResponse && role === 'system');
}

function doubtsOf(turns: readonly Turn[], role: TurnRole, isResponse: boolean, isGuess: boolean): Doubt[] {
  const isLate = role === 'system' && turns.some((turn) => turn.role !== 'system' && turn.role !== 'text');
  return [
    // That the model goes on as itself forges nobody.
    ...(isResponse && role !== 'assistant' ? (['inResponse'] as const) : []),
    ...(isGuess ? (['guessed'] as const) : []),
    ...(isLate ? (['lateSystem'] as const) : []),
  ];
}

function toTurn(text: string, draft: Draft, bodyTo: number, to: number, thinking: string | undefined): Turn {
  const { role, name, doubts } = draft;
  const body = text.slice(draft.bodyFrom, bodyTo);
  const isCut = draft.bodyTo === undefined && to === text.length;
  const parts = partsOf(body, role, name, isCut, thinking);
  return {
    // Qwen's template gives tool results as the user's.
    role: role === 'user' && /^\s*<tool_response>/.test(body) ? 'tool' : role,
    ...(name !== undefined && { name }),
    raw: text.slice(draft.from, to),
    text: body,
    parts,
    doubts,
    strayTokens: parts.reduce((sum, part) => sum + countControlTokens(part.text), 0),
  };
}

/** Harmony says by the channel what others say by tags. */
function partsOf(
  body: string,
  role: TurnRole,
  name: string | undefined,
  isCut: boolean,
  thinking: string | undefined,
): Part[] {
  if (role === 'system' || role === 'user') {
    // They speak of tags; what they say is not tagged itself, but for tool results that come as the user's.
    return /^\s*<tool_response>/.test(body) ? splitParts(body) : [textPart(body)];
  }
  if (role === 'assistant' && name === 'analysis') {
    return [{ kind: 'think', open: '', text: body, close: '', isClosed: !isCut }];
  }
  if (role === 'assistant' && name !== undefined && name !== 'final' && name !== 'commentary') {
    return [{ kind: 'call', open: '', text: body, close: '', isClosed: true, name }];
  }
  return splitParts(body, thinking);
}

function blank(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (text.charCodeAt(i) > 32) {
      return false;
    }
  }
  return true;
}
