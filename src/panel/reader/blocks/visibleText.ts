import { escapeCharacter, INVISIBLE } from '../../../shared/escapeText';
import { splitRuns } from '../../text/splitRuns';
import { controlTokens } from '../transcript/controlTokens';

/** A stretch of text as a reader must see it. */
interface VisiblePiece {
  /**
   * `token` is a control token that structures nothing; `invisible` stands for characters that do not show; `run` is
   * a part of a run that no line can break in (`splitRuns`); `latex` is a command within right-to-left text, whose signs
   * a browser would put in another order.
   */
  kind: 'text' | 'token' | 'invisible' | 'run' | 'latex';
  text: string;
}

/**
 * Joiners are needed by emoji and several scripts, but join nothing behind ASCII; letters without a shape are blanks
 * that are none.
 */
const HIDDEN = `${INVISIBLE.source}|(?<=[\\0-\\x7f])[\\u200c\\u200d]|[\\u115f\\u1160\\u2800\\u3164\\uffa0]`;

/** A run of more invisible characters, of several kinds, is only begun. */
const LONG_RUN = 12;

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LATEX = /(\\[a-zA-Z]{1,40}(?:\{[^{}\n]{0,200}\}){1,4})/;

/** More marks than this are not read one by one: the rest is escaped within the text. */
const MOST_MARKS = 100;

/**
 * Text in pieces: every control token, and every run of one invisible character, is a piece of its own. Invisible
 * characters come escaped, so that no bidirectional control or NUL reaches the page.
 */
export function visibleText(text: string): VisiblePiece[] {
  const pattern = new RegExp(`${controlTokens().source}|((?:(?!\\n|\\t)(?:${HIDDEN})[\\u200c\\u200d]*)+)`, 'gu');
  const pieces: VisiblePiece[] = [];
  let from = 0;
  let plain = '';
  let marks = 0;
  const source = text.replaceAll('\r\n', '\n');
  for (const match of source.matchAll(pattern)) {
    const [found, invisible] = match;
    plain += source.slice(from, match.index);
    from = match.index + found.length;
    const shown = invisible === undefined ? found : escapeRun(found);
    if (marks === MOST_MARKS) {
      plain += shown;
      continue;
    }
    marks++;
    pieces.push({ kind: 'text', text: plain }, { kind: invisible === undefined ? 'token' : 'invisible', text: shown });
    plain = '';
  }
  pieces.push({ kind: 'text', text: plain + source.slice(from) });
  return pieces.flatMap((piece) => (piece.kind === 'text' ? plainPieces(piece.text) : [piece]));
}

function plainPieces(text: string): VisiblePiece[] {
  // Every other one is a command.
  const parts = RIGHT_TO_LEFT.test(text) ? text.split(LATEX) : [text];
  if (parts.length > 2 * MOST_MARKS) {
    return runPieces(text);
  }
  return parts.flatMap((part, i): VisiblePiece[] => (i % 2 === 1 ? [{ kind: 'latex', text: part }] : runPieces(part)));
}

const runPieces = (text: string): VisiblePiece[] =>
  splitRuns(text).map(({ isRun, text: piece }) => ({ kind: isRun ? 'run' : 'text', text: piece }));

function escapeRun(run: string): string {
  const groups: { character: string; times: number }[] = [];
  for (const character of run) {
    const last = groups.at(-1);
    if (last?.character === character) {
      last.times++;
    } else {
      groups.push({ character, times: 1 });
    }
  }
  const shown = groups
    .slice(0, LONG_RUN)
    .map(({ character, times }) => escapeCharacter(character) + (times > 1 ? ` ×${times}` : ''))
    .join('');
  return groups.length > LONG_RUN ? `${shown}… ${run.length} characters that do not show` : shown;
}
