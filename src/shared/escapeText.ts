/**
 * Characters that would be invisible, or that change how their neighbours show: controls, bidirectional overrides and
 * isolates, line and paragraph separators, zero-width spaces, soft hyphens, tags, and halves of surrogate pairs.
 * The zero-width joiners stay: emoji and several scripts need them.
 */
export const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;

const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A character as an escape that names it, such as `\u202e`. */
export function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short) {
    return short;
  }
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** One line for a cell: a newline is the two characters `\n`, and nothing invisible stays so. Markup stays literal. */
export function escapeLine(text: string): string {
  return text.replace(INVISIBLE, escapeCharacter);
}

/** Text for the reader: as `escapeLine`, but lines break and tabs stay. */
export function escapeLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(INVISIBLE, (character) =>
      character === '\n' || character === '\t' ? character : escapeCharacter(character),
    );
}
