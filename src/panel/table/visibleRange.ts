/** Rows drawn above and below the visible ones, so that scrolling never shows a gap. */
const SPARE = 6;

/** Rows `from` up to, not including, `to` are drawn. All rows have one height, so no measuring is needed. */
export function visibleRange(scrollTop: number, height: number, rowHeight: number, count: number) {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const last = Math.ceil((Math.max(0, scrollTop) + height) / rowHeight);
  const to = Math.min(count, last + SPARE);
  return { from: Math.max(0, Math.min(first - SPARE, to)), to };
}
