import type { TimeRange } from '@grafana/data';

/** The page's address with absolute times, so that it shows tomorrow what it shows now. */
export function permalink(href: string, { from, to }: TimeRange): string {
  const url = new URL(href);
  url.searchParams.set('from', String(from.valueOf()));
  url.searchParams.set('to', String(to.valueOf()));
  // A link that refreshes shows something else before it is read.
  url.searchParams.delete('refresh');
  return url.href;
}
