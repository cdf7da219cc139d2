import { foldCase } from '@rolloscope/contract/texts';
import type { Search } from '@rolloscope/contract/types';

export type TextSearch = Exclude<Search, string>;

/** Start and end of each hit in a text, in order, never overlapping. */
export type Hits = [from: number, to: number][];

/** A search that is ready to run. */
export interface Matcher {
  test(text: string): boolean;
  /** The first hits, `limit` of them at most. */
  hits(text: string, limit: number): Hits;
}

/**
 * Makes a matcher of what a search finds, as in the store: case is ignored unless asked for, a word is no part of a
 * longer one, and a pattern is RE2's, which takes linear time whatever anybody types. Rejects where the pattern is not
 * valid, and says why.
 */
export async function compileSearch(search: TextSearch): Promise<Matcher> {
  return search.mode === 'regex' ? compilePattern(search.text, search.case === true) : plainMatcher(search);
}

/** A pattern in RE2's syntax. Its engine is fetched when the first one is needed. */
export async function compilePattern(pattern: string, isExact: boolean): Promise<Matcher> {
  const { RE2JS } = await import('re2js');
  let compiled: InstanceType<typeof RE2JS>;
  try {
    compiled = RE2JS.compile(pattern, isExact ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The pattern is not valid RE2: ${reason.replace(/^error parsing regexp: /, '')}`);
  }
  return {
    test: (text) => compiled.test(text),
    hits(text, limit) {
      const found: Hits = [];
      const matcher = compiled.matcher(text);
      while (found.length < limit && matcher.find()) {
        // An empty match marks nothing.
        if (matcher.end() > matcher.start()) {
          found.push([matcher.start(), matcher.end()]);
        }
      }
      return found;
    },
  };
}

const WORD = /\w/;

export function plainMatcher({ text: needle, mode, case: isExact }: TextSearch): Matcher {
  const wanted = isExact ? needle : foldCase(needle);
  const startsWord = WORD.test(needle.at(0) ?? '');
  const endsWord = WORD.test(needle.at(-1) ?? '');
  const isWord = (text: string, from: number) =>
    !(startsWord && WORD.test(text[from - 1] ?? '')) && !(endsWord && WORD.test(text[from + wanted.length] ?? ''));
  const next = (text: string, from: number) => {
    let at = text.indexOf(wanted, from);
    while (mode === 'word' && at >= 0 && !isWord(text, at)) {
      at = text.indexOf(wanted, at + 1);
    }
    return at;
  };
  const folded = (text: string) => (isExact ? text : foldCase(text));
  return {
    test: (text) => next(folded(text), 0) >= 0,
    hits(text, limit) {
      const found: Hits = [];
      const all = folded(text);
      // A letter whose small form is longer moves what follows; then no mark is better than a wrong one.
      if (wanted === '' || all.length !== text.length) {
        return found;
      }
      for (let at = next(all, 0); at >= 0 && found.length < limit; at = next(all, at + wanted.length)) {
        found.push([at, at + wanted.length]);
      }
      return found;
    },
  };
}
