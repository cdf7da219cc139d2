import type { FastifyRequest } from 'fastify';

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?$/i;

/**
 * The scheme and host under which the client reached the store, also through a proxy. It goes back into an address that
 * this client alone is told, so a client that lies about it misleads nobody else; what is no host name is not repeated.
 */
export function publicOrigin({ headers, raw }: FastifyRequest): string {
  const first = (value: string | string[] | undefined) =>
    String(value ?? '')
      .split(',')[0]
      ?.trim() ?? '';
  const forwarded = first(headers['x-forwarded-host']);
  const host = [forwarded, headers.host ?? ''].find((one) => HOST.test(one)) ?? 'localhost';
  const proto = first(headers['x-forwarded-proto']).toLowerCase();
  const isSecure = proto === 'https' || (proto === '' && 'encrypted' in raw.socket);
  return `${isSecure ? 'https' : 'http'}://${host}`;
}
