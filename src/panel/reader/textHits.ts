/** A hit as places in a list of texts that are read as one. */
export interface Hit {
  from: { text: number; at: number };
  to: { text: number; at: number };
}

/** Hits kept; more only count as "or more". */
export const MOST_HITS = 5_000;

/** Where a search text stands in texts that are read as one, ignoring case; hits do not overlap. */
export function textHits(texts: readonly string[], search: string): Hit[] {
  const starts: number[] = [];
  let length = 0;
  for (const text of texts) {
    starts.push(length);
    length += text.length;
  }
  const whole = texts.join('');
  const lower = whole.toLowerCase();
  // Some capitals grow when they are lowered; then places would be wrong, so such a text is searched as it stands.
  const [hay, needle] = lower.length === whole.length ? [lower, search.toLowerCase()] : [whole, search];
  const hits: Hit[] = [];
  let text = 0;
  const place = (offset: number, isEnd: boolean) => {
    while (text + 1 < starts.length && (starts[text + 1] ?? 0) < offset + (isEnd ? 0 : 1)) {
      text++;
    }
    return { text, at: offset - (starts[text] ?? 0) };
  };
  for (let at = hay.indexOf(needle); needle !== '' && at >= 0 && hits.length < MOST_HITS; ) {
    hits.push({ from: place(at, false), to: place(at + needle.length, true) });
    at = hay.indexOf(needle, at + needle.length);
  }
  return hits;
}
