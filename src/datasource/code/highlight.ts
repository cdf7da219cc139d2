import { VARIABLE, WORD } from './words';

/** A piece of code with what it is, for its colour. */
export interface Piece {
  text: string;
  kind: 'text' | 'variable' | 'number' | 'name' | 'plain';
}

const TOKEN = new RegExp(
  [
    /("(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?)/.source,
    `(${VARIABLE.source})`,
    /(-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)/.source,
    `(${WORD.source})`,
  ].join('|'),
  'g',
);
const KINDS = ['text', 'variable', 'number', 'name'] as const;

/** Code cut into coloured pieces, all of it, in order. */
export function highlight(code: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of code.matchAll(TOKEN)) {
    if (match.index > at) {
      pieces.push({ text: code.slice(at, match.index), kind: 'plain' });
    }
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)] ?? 'plain';
    pieces.push({ text: match[0], kind });
    at = match.index + match[0].length;
  }
  return at < code.length ? [...pieces, { text: code.slice(at), kind: 'plain' }] : pieces;
}

/** Pieces with those parts set apart that lie between two places. */
export function markPieces(pieces: readonly Piece[], from: number, to: number): Array<Piece & { isMarked: boolean }> {
  let at = 0;
  return pieces.flatMap((piece) => {
    const start = at;
    at += piece.text.length;
    const cuts = [0, from - start, to - start, piece.text.length].map((cut) =>
      Math.min(Math.max(cut, 0), piece.text.length),
    );
    return [0, 1, 2].flatMap((i) => {
      const text = piece.text.slice(cuts[i], cuts[i + 1]);
      return text === '' ? [] : [{ ...piece, text, isMarked: i === 1 }];
    });
  });
}
