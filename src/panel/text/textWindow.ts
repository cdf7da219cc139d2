import { cutText } from './cutText';

/** The most that a browser lays out without a noticeable wait. */
export const WINDOW = { characters: 200_000, lines: 4_000 } as const;

/** The beginning of a text: so many windows of characters, or of lines where these are short. */
export function textWindow(text: string, windows: number): string {
  const cut = cutText(text, windows * WINDOW.characters);
  let end = -1;
  for (let line = 0; line < windows * WINDOW.lines; line++) {
    end = cut.indexOf('\n', end + 1);
    if (end < 0) {
      return cut;
    }
  }
  return cut.slice(0, end);
}
