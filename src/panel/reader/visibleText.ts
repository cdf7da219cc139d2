import { escapeCharacter, INVISIBLE } from '../text/escapeText';
import { controlTokens } from './transcript/controlTokens';

/** A stretch of text as a reader must see it. */
export interface VisiblePiece {
  /** `token` is a control token that structures nothing; `invisible` stands for characters that do not show. */
  kind: 'text' | 'token' | 'invisible';
  text: string;
}

/** More marks than this are not read one by one: the rest is escaped within the text. */
const MOST_MARKS = 500;

/**
 * Text in pieces: every control token, and every run of one invisible character, is a piece of its own. Invisible
 * characters come escaped, so that no bidirectional control or NUL reaches the page.
 */
export function visibleText(text: string): VisiblePiece[] {
  const pattern = new RegExp(`${controlTokens().source}|(${INVISIBLE.source})\\1*`, 'gu');
  const pieces: VisiblePiece[] = [];
  let from = 0;
  let plain = '';
  let marks = 0;
  const source = text.replaceAll('\r\n', '\n');
  for (const match of source.matchAll(pattern)) {
    const [found, invisible] = match;
    if (found === '\n' || found === '\t' || invisible === '\n' || invisible === '\t') {
      continue;
    }
    plain += source.slice(from, match.index);
    from = match.index + found.length;
    const shown = invisible === undefined ? found : escapeRun(found, invisible);
    if (marks === MOST_MARKS) {
      plain += shown;
      continue;
    }
    marks++;
    pieces.push({ kind: 'text', text: plain }, { kind: invisible === undefined ? 'token' : 'invisible', text: shown });
    plain = '';
  }
  pieces.push({ kind: 'text', text: plain + source.slice(from) });
  return pieces.filter((piece) => piece.text !== '');
}

function escapeRun(run: string, character: string): string {
  const times = run.length / character.length;
  return escapeCharacter(character) + (times > 1 ? ` ×${times}` : '');
}
