import fc from 'fast-check';
import { CALLERS, type Transfer, type WireRequest } from './WireRequest';

const HEADERS: Record<string, string>[] = [
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'application/x-ndjson' },
  { 'content-type': ';;;' },
  { 'content-encoding': 'br' },
  { 'content-encoding': 'gzip, gzip' },
  { 'content-encoding': 'identity' },
  { expect: '100-continue' },
  { expect: 'the moon' },
  { origin: 'http://evil.example' },
  { origin: 'null', 'sec-fetch-site': 'cross-site' },
  { host: 'evil.example' },
  { 'x-forwarded-for': '10.0.0.1' },
  { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'a/b' },
  { authorization: 'Basic %%%' },
  { authorization: 'Bearer' },
  { cookie: 'x'.repeat(20_000) },
  { 'accept-encoding': 'gzip;q=0, br, *;q=0.1' },
  { range: 'bytes=0-0' },
  { 'if-none-match': '*' },
  { 'x-wandb-async-client-id': 'x'.repeat(5_000), 'x-wandb-use-async-filestream': 'true' },
  { 'x-trackio-write-token': 'wrong' },
];

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY'];

const TRANSFERS: Transfer[] = ['chunked', 'gzip', 'gzip', 'deflate', 'cut', 'notGzip', 'short'];

/** Ways in which a path goes wrong on its way. */
const PATHS: ((path: string) => string)[] = [
  (path) => `${path}%`,
  (path) => path.replace(/%[0-9A-F]{2}/, '%zz'),
  (path) => path.replace(/[a-z]/, '%c0%ae'),
  (path) => path.replaceAll('/', '//'),
  (path) => `${path}/`,
  (path) => `${path}/..`,
  (path) => path.replace('/api/', '/api/../api/'),
  (path) => path.replaceAll('%2F', '/'),
  (path) => `${path}${path.includes('?') ? '&' : '?'}unknown=1`,
  (path) => `${path}${path.includes('?') ? '&' : '?'}limit=1&limit=2`,
  (path) => `${path}?${'a=b&'.repeat(5_000)}`,
  (path) => `${path}?__proto__=1&constructor[prototype]=2`,
  (path) => `${path}?%ff=%00`,
  (path) => `${path}${'/x'.repeat(2_000)}`,
  (path) => path.toUpperCase(),
  (path) => `http://evil.example${path}`,
  () => '*',
];

const spoils: readonly Transfer[] = ['cut', 'notGzip', 'short'];

/** Nearly always the request as it is; else sent in a way in which it should not, or by somebody who will not wait. */
export function onTheWire(request: fc.Arbitrary<WireRequest>): fc.Arbitrary<WireRequest> {
  const changed = <T>(
    weight: number,
    how: fc.Arbitrary<T>,
    change: (one: WireRequest, how: T) => Partial<WireRequest>,
  ) => ({
    weight,
    arbitrary: fc.tuple(request, how).map(([one, value]) => ({ ...one, ...change(one, value) })),
  });
  return fc.oneof(
    { weight: 24, arbitrary: request },
    changed(3, fc.constantFrom(...CALLERS), (_, caller) => ({ caller })),
    changed(2, fc.constantFrom(...HEADERS), (one, headers) => ({
      kind: 'spoiled',
      headers: { ...one.headers, ...headers },
    })),
    changed(1, fc.constantFrom(...METHODS), (_, method) => ({ kind: 'elsewhere', method })),
    changed(1, fc.constantFrom(...PATHS), (one, change) => ({ kind: 'elsewhere', path: change(one.path) })),
    changed(2, fc.constantFrom(...TRANSFERS), (_, transfer) => ({
      transfer,
      ...(spoils.includes(transfer) && { kind: 'spoiled' }),
    })),
    changed(1, fc.nat({ max: 30 }), (_, leaves) => ({ leaves })),
  );
}
