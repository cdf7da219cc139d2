/** Letters that lower case alone leaves apart from others of theirs: `ſ` is an `s`, `ς` a `σ`. */
const OTHER_FORMS = /[ſςϐϑϕϖϰϱϵẛιµ]/g;

/**
 * A text in which no letter differs from another by its case alone, for comparing: as RE2 and the store ignore case, one
 * letter for one letter.
 */
export function foldCase(text: string): string {
  // The small form of İ is two letters.
  const lower = text.includes('İ') ? text.replace(/[^İ]+/g, (part) => part.toLowerCase()) : text.toLowerCase();
  return lower.replace(OTHER_FORMS, (letter) => letter.toUpperCase().toLowerCase());
}

/** Units of UTF-16. */
const PASSED_OVER = 256;

const isSurrogate = (unit: number) => unit >= 0xd800 && unit < 0xe000;

/** Negative where `a` stands before `b`, by their Unicode characters (as bytes of UTF-8 do), and not by UTF-16's units. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let begin = 0;
  // Long beginnings that are the same are passed over many characters at a time.
  while (begin < length && a.slice(begin, begin + PASSED_OVER) === b.slice(begin, begin + PASSED_OVER)) {
    begin += PASSED_OVER;
  }
  for (let at = begin; at < length; at++) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one !== other) {
      // Characters beyond the first 65,536 are written in units that are lower than some of those.
      return isSurrogate(one) === isSurrogate(other) ? one - other : isSurrogate(one) ? 1 : -1;
    }
  }
  return a.length - b.length;
}

/** Insertions, deletions and replacements of characters that make `a` of `b` (Levenshtein's distance). */
export function editsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const line = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      line.push(Math.min(replaced, (above[j] ?? 0) + 1, (line[j - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}

/** A text as a pattern of RE2 that finds just it. */
export const literalPattern = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}-]/g, '\\$&');

/** A pattern of RE2 that finds a text where it is no part of a longer word; an edge that is not of a word may stand anywhere. */
export function wordPattern(text: string): string {
  const edge = (character: string | undefined) => (/\w/.test(character ?? '') ? '\\b' : '');
  return `${edge(text[0])}${literalPattern(text)}${edge(text.at(-1))}`;
}
