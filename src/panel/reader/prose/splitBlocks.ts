import { cutText } from '../../text/cutText';

/** A stretch of a text that is drawn on its own; `open + text + close` is what stands in the text. */
export interface Block {
  kind: 'prose' | 'code' | 'math';
  open: string;
  text: string;
  close: string;
  /** The word behind the fence of code; left out where there is none. */
  language?: string;
}

/** Prose is drawn in pieces of about this many characters: each takes a few milliseconds. */
const PIECE = 2_000;
/** A parser takes most of its time by line. */
const PIECE_LINES = 80;
/** A longer line is drawn in pieces: a browser lays out a line as a whole. */
const LONGEST_LINE = 4_000;
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]{0,30})[^`\n]*$/;
/** The signs that begin displayed mathematics on a line of its own, and those that end it. */
const MATHS: ReadonlyArray<readonly [open: RegExp, close: (open: string) => string]> = [
  [/^\s{0,8}\\\[/, () => '\\]'],
  [/^\s{0,8}\$\$/, () => '$$'],
  [
    /^\s{0,8}\\begin\{(?:equation|align|aligned|gather|cases|p?matrix|bmatrix)\*?\}/,
    (open) => open.trim().replace('begin', 'end'),
  ],
];
const LONGEST_MATH = 4_000;

/**
 * A text in blocks: fenced code, displayed mathematics, and prose cut at empty lines. The blocks concatenate to the
 * text. Code that is never closed runs to the end; mathematics that is never closed is prose.
 */
export function splitBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  // The place of each closing sign is looked for once, however often it is opened before.
  const closings = new Map<string, number>();
  const closingAt = (close: string, from: number) => {
    const known = closings.get(close);
    if (known !== undefined && (known < 0 || known >= from)) {
      return known;
    }
    const found = text.indexOf(close, from);
    closings.set(close, found);
    return found;
  };
  let proseFrom = 0;
  let lines = 0;
  let at = 0;
  const flush = (to: number) => {
    if (to > proseFrom) {
      blocks.push({ kind: 'prose', open: '', text: text.slice(proseFrom, to), close: '' });
    }
    proseFrom = to;
    lines = 0;
  };
  while (at < text.length) {
    const next = lineEnd(text, at);
    // Longer lines begin no block of their own.
    const line = text.slice(at, Math.min(next, at + 200)).replace(/\r?\n$/, '');
    const fence = FENCE.exec(line);
    if (fence) {
      flush(at);
      const { body, end } = codeEnd(text, next, fence[1] ?? '```');
      blocks.push({
        kind: 'code',
        open: text.slice(at, next),
        text: text.slice(next, body),
        close: text.slice(body, end),
        ...(fence[2] && { language: fence[2].toLowerCase() }),
      });
      at = end;
      proseFrom = end;
      continue;
    }
    const math = mathAt(text, at, line, closingAt);
    if (math) {
      flush(at);
      blocks.push(math);
      at += math.open.length + math.text.length + math.close.length;
      proseFrom = at;
      continue;
    }
    if (next - at > LONGEST_LINE) {
      flush(at);
      for (const piece of splitLines(text.slice(at, next))) {
        proseFrom = at;
        at += piece.length;
        flush(at);
      }
      continue;
    }
    at = next;
    lines++;
    if (at - proseFrom >= PIECE || lines >= PIECE_LINES || (line.trim() === '' && !goesOn(text, proseFrom, at))) {
      flush(at);
    }
  }
  flush(text.length);
  return blocks;
}

/** A text in pieces that a browser lays out quickly: so many lines, or a part of one long line, cut at a blank. */
export function splitLines(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  let lines = 0;
  for (let at = 0; at < text.length; ) {
    const next = lineEnd(text, at);
    if (next - from > LONGEST_LINE) {
      // The piece is what was gathered before the long line, or the next part of it.
      const end = at > from ? at : cutPlace(text, from);
      pieces.push(text.slice(from, end));
      from = end;
      at = end;
      lines = 0;
      continue;
    }
    at = next;
    lines++;
    if (lines >= PIECE_LINES || at === text.length) {
      pieces.push(text.slice(from, at));
      from = at;
      lines = 0;
    }
  }
  return pieces;
}

/** Returns where a long line can be cut, in UTF-16 units: behind a blank if there is one, never within a character. */
function cutPlace(text: string, from: number): number {
  const most = cutText(text.slice(from, from + LONGEST_LINE + 1), LONGEST_LINE).length;
  const blank = text.lastIndexOf(' ', from + most - 1);
  return blank > from + most / 2 ? blank + 1 : from + most;
}

/** Returns where the line that begins at a place ends, its newline included. */
function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

function codeEnd(text: string, from: number, fence: string): { body: number; end: number } {
  for (let at = from; at < text.length; ) {
    const next = lineEnd(text, at);
    const line = text.slice(at, Math.min(next, at + 200)).trim();
    if (line.startsWith(fence) && line.replaceAll(fence[0] ?? '`', '') === '') {
      return { body: at, end: next };
    }
    at = next;
  }
  return { body: text.length, end: text.length };
}

function mathAt(
  text: string,
  at: number,
  line: string,
  closingAt: (close: string, from: number) => number,
): Block | undefined {
  for (const [pattern, closeOf] of MATHS) {
    const open = pattern.exec(line)?.[0];
    if (open === undefined) {
      continue;
    }
    const from = at + open.length;
    const close = closeOf(open);
    const to = closingAt(close, from);
    if (to <= from || to - from > LONGEST_MATH) {
      continue;
    }
    const end = to + close.length;
    const rest = text.slice(end, Math.min(lineEnd(text, end), end + 10));
    // Only what fills its lines is displayed; `\[1\] a note` is prose.
    if (/^[\s.,;:]*$/.test(rest) && (rest.length < 10 || rest.endsWith('\n'))) {
      return { kind: 'math', open, text: text.slice(from, to), close: close + rest };
    }
  }
  return undefined;
}

/** A list goes on behind an empty line where what follows is indented, or its next item. */
function goesOn(text: string, from: number, at: number): boolean {
  const item = /^\s{0,8}(?:[-*+]|\d{1,9}[.)])\s/;
  return (
    item.test(text.slice(from, from + 30)) &&
    (item.test(text.slice(at, at + 30)) || /^ {2,}\S/.test(text.slice(at, at + 30)))
  );
}
