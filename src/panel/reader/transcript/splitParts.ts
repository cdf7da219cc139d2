import type { Part, PartKind } from './Turn';

interface Tag {
  kind: PartKind;
  open: string;
  close: string;
  /** Usual words of HTML too: they count only at the beginning of a line, and only when they are closed. */
  isShy?: true;
}

const tag = (kind: PartKind, word: string, isShy?: true): Tag => ({
  kind,
  open: `<${word}>`,
  close: `</${word}>`,
  ...(isShy && { isShy }),
});

/** The parts that stand inside turns, by tag. A tag of one kind inside another is what somebody wrote. */
const TAGS: readonly Tag[] = [
  ...['think', 'thinking', 'reasoning', 'thought'].map((word) => tag('think', word)),
  { kind: 'think', open: '[THINK]', close: '[/THINK]' },
  tag('answer', 'answer'),
  ...['tool_call', 'function_call'].map((word) => tag('call', word)),
  ...['search', 'python', 'code', 'execute'].map((word) => tag('call', word, true)),
  { kind: 'call', open: '<｜tool▁calls▁begin｜>', close: '<｜tool▁calls▁end｜>' },
  { kind: 'call', open: '<|tool_calls_section_begin|>', close: '<|tool_calls_section_end|>' },
  { kind: 'call', open: '[TOOL_CALLS]', close: '' },
  { kind: 'call', open: '<|python_tag|>', close: '' },
  tag('result', 'tool_response'),
  ...['information', 'output', 'result', 'observation'].map((word) => tag('result', word, true)),
];

const literal = (text: string) => text.replace(/[|\\{}()[\]^$+*?.]/g, '\\$&');
const OPEN = new RegExp(TAGS.map(({ open }) => literal(open)).join('|'), 'g');
const BY_OPEN = new Map(TAGS.map((one) => [one.open, one]));
const THINK = TAGS.filter(({ kind }) => kind === 'think');

export const textPart = (text: string): Part => ({ kind: 'text', open: '', text, close: '', isClosed: true });

/** A thinking part that the text leaves open at its end, by its opening tag: what a prompt that opens one looks like. */
export function openThinking(text: string): string | undefined {
  const last = splitParts(text).at(-1);
  return last?.kind === 'think' && !last.isClosed ? last.open : undefined;
}

/**
 * The parts of a turn's text; `open + text + close` of all of them, in order, is the text. A thinking part may be
 * opened by the prompt (`openedBy`, its opening tag): then the text begins within it. It is taken to be so, too, where
 * a closing tag comes that nothing opened.
 */
export function splitParts(text: string, openedBy?: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  const push = (part: Part) => {
    if (part.open !== '' || part.text !== '' || part.close !== '') {
      parts.push(part);
    }
  };

  const opened = THINK.find((one) => (openedBy ? one.open === openedBy : closesUnopened(text, one)));
  if (opened) {
    const end = text.indexOf(opened.close);
    push({
      kind: 'think',
      open: '',
      text: end < 0 ? text : text.slice(0, end),
      close: end < 0 ? '' : opened.close,
      isClosed: end >= 0,
    });
    from = end < 0 ? text.length : end + opened.close.length;
  }

  const missing = new Set<string>();
  let plainFrom = from;
  OPEN.lastIndex = from;
  for (let match = OPEN.exec(text); match; match = OPEN.exec(text)) {
    const found = BY_OPEN.get(match[0]);
    if (!found || (found.isShy && !startsLine(text, match.index))) {
      continue;
    }
    const bodyFrom = match.index + found.open.length;
    // What was looked for once and not found is not looked for again: a text of opening tags only stays quick.
    const end = found.close === '' || missing.has(found.close) ? -1 : text.indexOf(found.close, bodyFrom);
    if (end < 0 && found.close !== '') {
      missing.add(found.close);
    }
    if (end < 0 && found.isShy) {
      continue;
    }
    push(textPart(text.slice(plainFrom, match.index)));
    push({
      kind: found.kind,
      open: found.open,
      text: end < 0 ? text.slice(bodyFrom) : text.slice(bodyFrom, end),
      close: end < 0 ? '' : found.close,
      isClosed: end >= 0 || found.close === '',
    });
    plainFrom = end < 0 ? text.length : end + found.close.length;
    OPEN.lastIndex = plainFrom;
  }
  push(textPart(text.slice(plainFrom)));
  return parts;
}

/** True where the text closes a thinking part before it opens one. */
function closesUnopened(text: string, { open, close }: Tag): boolean {
  const end = text.indexOf(close);
  if (end < 0) {
    return false;
  }
  const start = text.indexOf(open);
  return start < 0 || start > end;
}

function startsLine(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === '\n';
}
