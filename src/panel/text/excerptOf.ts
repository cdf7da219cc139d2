import type { Matcher } from './compileSearch';

/** Hits that are marked in one cell; further ones are out of sight. */
const MOST_HITS = 50;
/** A first hit this far into the text would be below the last line: the cell then begins shortly before it. */
const IN_SIGHT = 90;
const LEAD = 40;

/** A part of a text with its hits. */
export interface Excerpt {
  /** Pieces of the text in order, every other one a hit; the first is no hit. */
  pieces: readonly string[];
  isCutBefore: boolean;
  isCutAfter: boolean;
}

/**
 * The part of a text that a cell shows: its beginning, or what is around the first hit where that is farther on;
 * undefined where there is no hit in it. `limit` is in characters.
 */
export function excerptOf(text: string, matcher: Matcher, limit: number): Excerpt | undefined {
  const [first] = matcher.hits(text, 1);
  if (!first) {
    return undefined;
  }
  const from = first[0] > IN_SIGHT ? wholeCharacter(text, first[0] - LEAD) : 0;
  const to = wholeCharacter(text, Math.min(text.length, from + limit));
  const shown = text.slice(from, to);
  const pieces: string[] = [];
  let at = 0;
  for (const [begin, end] of matcher.hits(shown, MOST_HITS)) {
    pieces.push(shown.slice(at, begin), shown.slice(begin, end));
    at = end;
  }
  pieces.push(shown.slice(at));
  return { pieces, isCutBefore: from > 0, isCutAfter: to < text.length };
}

/** Never between the halves of a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code < 0xe000 ? at - 1 : at;
}
