import type { IncomingHttpHeaders } from 'node:http';

/** What a browser says of a request that this origin's own page, or a person at the address bar, makes. */
const OWN_SITES: readonly unknown[] = ['same-origin', 'none'];

/**
 * Whether a page of another origin makes this request, as browsers say and pages cannot deny: by `Sec-Fetch-Site` of all
 * their requests, also of images and links; by `Origin` of those that may change something. Another port of one machine
 * is another origin. Programs send neither; Grafana's proxy drops `Origin`, and passes on that its own page asks.
 */
export function isOfOtherPage(headers: IncomingHttpHeaders): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  return (site !== undefined && !OWN_SITES.includes(site)) || (origin !== undefined && !isOriginOf(origin, host));
}

function isOriginOf(origin: string, host: string | undefined): boolean {
  return origin.replace(/^https?:\/\//, '').toLowerCase() === host?.toLowerCase();
}
