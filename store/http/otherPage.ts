import type { IncomingHttpHeaders } from 'node:http';

/** Values of `Sec-Fetch-Site` for requests of this origin's own page, or of a person at the address bar. */
const OWN_SITES: readonly unknown[] = ['same-origin', 'none'];

/**
 * Says whether a page of another origin makes this request, as browsers tell and pages cannot deny: by `Sec-Fetch-Site`
 * of all their requests, also of images and links; by `Origin` of those that may change something. Another port of
 * one machine is another origin. Programs send neither; Grafana's proxy drops `Origin`, and passes on that its own
 * page asks.
 */
export function isOfOtherPage(headers: IncomingHttpHeaders): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  return (site !== undefined && !OWN_SITES.includes(site)) || (origin !== undefined && !isOriginOf(origin, host));
}

function isOriginOf(origin: string, host: string | undefined): boolean {
  return origin.replace(/^https?:\/\//, '').toLowerCase() === host?.toLowerCase();
}
