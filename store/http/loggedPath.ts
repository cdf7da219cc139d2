import { API_BASE } from '@rolloscope/contract';
import type { FastifyRequest } from 'fastify';

/** Routes whose parts of a path are names; in others they may be tickets, which are as good as a token. */
const NAMED = [`${API_BASE}/runs/`, `${API_BASE}/rows/`, '/files/', '/api/:name'];

/**
 * Says where a request went, for the log: the path as far as it is no secret, and the names in its query without their
 * values. A path that is no route is left out.
 */
export function loggedPath({ routeOptions, params, query }: FastifyRequest): string {
  const pattern = routeOptions.url ?? '(no route)';
  const given = params as Record<string, string>;
  const path = NAMED.some((begin) => pattern.startsWith(begin))
    ? pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(given[name] ?? ''))
    : pattern;
  // What stands alone in a query is as good as a value.
  const fields = Object.entries((query ?? {}) as object);
  const names = fields.map(([name, value]) => (value === '' ? '…' : `${encodeURIComponent(name)}=…`));
  return `${path}${names.length > 0 ? '?' : ''}${names.join('&')}`.slice(0, 500);
}
