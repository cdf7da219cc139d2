/** A word that was found in a text, in small letters, and where. */
export interface Found {
  at: number;
  word: string;
}

/** Words of one text that are looked at, of all that are looked for. */
const MOST = 1_000;

/**
 * Finds many words in one pass over a text: a pass a word would take as many times as long, and every logged response
 * comes through here. The pattern is made of plain words alone, so it never goes back.
 */
export function wordFinder(words: readonly string[]): (lower: string) => Found[] {
  // Where one word begins another, the longer one is found.
  const longestFirst = words.toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
  return (lower) => {
    const found: Found[] = [];
    pattern.lastIndex = 0;
    for (let match = pattern.exec(lower); match && found.length < MOST; match = pattern.exec(lower)) {
      found.push({ at: match.index, word: match[0] });
    }
    return found;
  };
}
