import { cutText } from './cutText';

interface RunPiece {
  /** A part of more characters without a blank than anybody writes: to be drawn so that a line can break behind it. */
  isRun: boolean;
  text: string;
}

/**
 * A browser breaks a line only where no character hangs on the next one. Without such a place (Inter kerns every pair
 * of backslashes, Arabic letters join), it shapes all that is left anew for each line that it fills, which takes the
 * square of the length. Longer runs are therefore pieces of their own, without kerning or ligatures (`BreakableText`).
 */
const LONGEST_UNBROKEN = 200;

/** Text with its longest runs in pieces, none of them empty. */
export function splitRuns(text: string): RunPiece[] {
  const pieces: RunPiece[] = [];
  let from = 0;
  for (const { 0: run, index } of text.matchAll(/\S+/g)) {
    if (run.length <= LONGEST_UNBROKEN) {
      continue;
    }
    pieces.push({ isRun: false, text: text.slice(from, index) });
    from = index;
    while (from < index + run.length) {
      const part = cutText(
        text.slice(from, Math.min(from + LONGEST_UNBROKEN + 1, index + run.length)),
        LONGEST_UNBROKEN,
      );
      pieces.push({ isRun: true, text: part });
      from += part.length;
    }
  }
  pieces.push({ isRun: false, text: text.slice(from) });
  return pieces.filter((piece) => piece.text !== '');
}
