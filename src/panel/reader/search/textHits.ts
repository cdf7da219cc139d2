import type { Matcher } from '../../text/compileSearch';

/** A hit as places in a list of texts that are read as one. */
interface Hit {
  from: { text: number; at: number };
  to: { text: number; at: number };
}

/** Hits kept; more only count as "or more". */
export const MOST_HITS = 5_000;

/** Finds the places of a search in texts that are read as one. */
export function textHits(texts: readonly string[], matcher: Matcher): Hit[] {
  const starts: number[] = [];
  let length = 0;
  for (const text of texts) {
    starts.push(length);
    length += text.length;
  }
  let text = 0;
  const place = (offset: number, isEnd: boolean) => {
    while (text + 1 < starts.length && (starts[text + 1] ?? 0) < offset + (isEnd ? 0 : 1)) {
      text++;
    }
    return { text, at: offset - (starts[text] ?? 0) };
  };
  return matcher
    .hits(texts.join(''), MOST_HITS)
    .map(([from, to]) => ({ from: place(from, false), to: place(to, true) }));
}
