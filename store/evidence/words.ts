/** A word that was found in a text, in small letters, and where. */
export interface Found {
  at: number;
  word: string;
}

/** Words of one text that are looked at in a pass, of all that are looked for. */
const MOST = 1_000;

/** Words of at least so many characters are looked for by themselves: a pass leaps as far as the shortest word lets it. */
const LONG = 8;

/**
 * Finds many words in two passes over a text, the long ones and the short ones: a pass a word would take as many times as
 * long, and every logged response comes through here. The patterns are made of plain words alone, so they never go back.
 */
export function wordFinder(words: readonly string[]): (lower: string) => Found[] {
  const passes = [words.filter(({ length }) => length >= LONG), words.filter(({ length }) => length < LONG)].flatMap(
    (some) => (some.length > 0 ? patternOf(some) : []),
  );
  return (lower) => {
    const found = passes.flatMap((pattern) => findAll(pattern, lower));
    return found.length > 1 ? found.sort((a, b) => a.at - b.at) : found;
  };
}

function patternOf(words: readonly string[]): RegExp {
  // Where one word begins another, the longer one is found.
  const longestFirst = words.toSorted((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
}

function findAll(pattern: RegExp, lower: string): Found[] {
  const found: Found[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(lower); match && found.length < MOST; match = pattern.exec(lower)) {
    found.push({ at: match.index, word: match[0] });
  }
  return found;
}
