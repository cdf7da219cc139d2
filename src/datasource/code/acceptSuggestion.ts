import type { CursorPlace } from './offersAt';
import type { Suggestion } from './suggest';

/** The text with a suggestion in the place of what was typed, and where the cursor then is. */
export function acceptSuggestion(text: string, { from, to }: CursorPlace, { insert, isPlain }: Suggestion) {
  const mark = isPlain ? -1 : insert.indexOf('|');
  const inserted = mark < 0 ? insert : insert.slice(0, mark) + insert.slice(mark + 1);
  return {
    text: text.slice(0, from) + inserted + text.slice(to),
    cursor: from + (mark < 0 ? inserted.length : mark),
  };
}
