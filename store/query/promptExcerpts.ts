/** Characters of each prompt that are looked at. */
export const LOOKED_AT = 4_096;
const GIVEN = 200;
/** A shorter common beginning is no template, and stays. */
const LEAST_SHARED = 40;

/**
 * Returns at most 200 characters of each prompt that tell it from the others: where all begin alike (a chat template
 * with its system prompt), those after what they share, from the beginning of a word.
 */
export function promptExcerpts(prompts: readonly (string | null)[]): (string | null)[] {
  const texts = [...new Set(prompts.filter((prompt) => prompt !== null))];
  const begin = texts.length > 1 ? wordStart(texts[0] ?? '', sharedLength(texts)) : 0;
  return prompts.map((prompt) => {
    if (prompt === null || begin < LEAST_SHARED) {
      return prompt === null ? null : firstCharacters(prompt, GIVEN);
    }
    return `…${firstCharacters(prompt.slice(begin), GIVEN - 1)}`;
  });
}

function sharedLength([first = '', ...others]: readonly string[]): number {
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && first[same] === other[same]) {
      same++;
    }
    length = same;
  }
  return length;
}

function wordStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && !/\s/.test(text[start - 1] ?? '')) {
    start--;
  }
  return start;
}

const firstCharacters = (text: string, count: number) => [...text.slice(0, 2 * count)].slice(0, count).join('');
