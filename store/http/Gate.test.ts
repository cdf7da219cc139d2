import { describe, expect, it } from 'vitest';
import type { StoreError } from '../StoreError';
import { Gate } from './Gate';
import { type Scope, sha256, Tokens } from './Tokens';

const tokens = () =>
  new Tokens([
    { name: 'r', sha256: sha256('read-me'), scopes: ['read'], projects: ['*'] },
    { name: 'a', sha256: sha256('team-a'), scopes: ['read', 'write'], projects: ['a', 'shared-*', 'x.y'] },
  ]);

function admit(headers: Record<string, string>, scope: Scope | 'none', known: Tokens) {
  const gate = new Gate(known);
  try {
    gate.receive({ headers });
    return gate.admit({ headers }, scope);
  } catch (cause) {
    return (cause as StoreError).code;
  }
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

describe('a store with tokens', () => {
  it('tells a missing token from a wrong one', () => {
    expect(admit({}, 'read', tokens())).toBe('token_missing');
    expect(admit({ authorization: 'Bearer ' }, 'read', tokens())).toBe('token_missing');
    expect(admit(bearer('nope'), 'read', tokens())).toBe('token_wrong');
    expect(admit(bearer('read-me'), 'write', tokens())).toBe('not_allowed');
  });

  it('takes a token as bearer or as the password of basic authentication', () => {
    for (const headers of [bearer('read-me'), basic('grafana', 'read-me'), { authorization: 'bearer read-me' }]) {
      expect(admit(headers, 'read', tokens())).toMatchObject({ scopes: ['read'] });
    }
    const colon = new Tokens([{ name: 'c', sha256: sha256('a:b'), scopes: ['read'], projects: ['*'] }]);
    expect(admit(basic('u', 'a:b'), 'read', colon)).toMatchObject({ scopes: ['read'] });
  });

  it('answers health to everybody, under any name and through any proxy', () => {
    expect(admit({ host: 'store.example', 'x-forwarded-for': '1.1.1.1' }, 'none', tokens())).toBeTypeOf('object');
    expect(admit({ ...bearer('team-a'), 'x-forwarded-for': '1.1.1.1' }, 'write', tokens())).toBeTypeOf('object');
  });

  it('takes a bearer token from wherever it comes, and no password that a browser adds by itself', () => {
    for (const page of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      expect(admit({ ...bearer('team-a'), ...page }, 'write', tokens())).toBeTypeOf('object');
      expect(admit({ ...basic('u', 'team-a'), ...page }, 'read', tokens())).toBe('not_allowed');
    }
    expect(admit({ ...basic('u', 'team-a'), 'sec-fetch-site': 'same-origin' }, 'read', tokens())).toBeTypeOf('object');
  });

  it('limits a token to its projects and scopes', () => {
    const { access } = new Tokens([
      { name: 'a', sha256: sha256('t'), scopes: ['read'], projects: ['a', 'shared-*', 'x.y'] },
    ]).identify('t') as { access: { reads(p: string): boolean; writes(p: string): boolean } };
    expect(['a', 'shared-', 'shared-b\nc', 'x.y'].map(access.reads)).toEqual([true, true, true, true]);
    expect(['b', 'aa', 'xshared-a', 'xzy', ''].map(access.reads)).toEqual([false, false, false, false, false]);
    expect(access.writes('a')).toBe(false);
  });
});

describe('a store without tokens', () => {
  const open = new Tokens();

  it.each(['localhost', 'localhost:8900', '127.0.0.1:8900', '127.1.2.3', '[::1]:8900', 'store.localhost'])(
    'answers to %s',
    (host) => {
      expect(admit({ host }, 'write', open)).toBeTypeOf('object');
    },
  );

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.5:8900', '0.0.0.0'])(
    'refuses the name %s, which a page of the web may have made point here',
    (host) => {
      expect(admit({ host }, 'read', open)).toBe('not_allowed');
    },
  );

  it('takes no write through a proxy', () => {
    expect(admit({ host: 'localhost', 'x-forwarded-for': '10.0.0.1' }, 'write', open)).toBe('proxied_write');
    expect(admit({ host: 'localhost', forwarded: 'for=10.0.0.1' }, 'write', open)).toBe('proxied_write');
    expect(admit({ host: 'localhost', 'x-forwarded-for': '10.0.0.1' }, 'read', open)).toBeTypeOf('object');
  });

  it.each([
    { origin: 'http://localhost:2' },
    { origin: 'null' },
    { origin: 'file://localhost:1' },
    { origin: 'https://localhost.evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-origin, cross-site' },
    { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:2' },
  ])('answers nothing to a page of another origin: %o', (headers) => {
    for (const scope of ['none', 'read', 'write'] as const) {
      expect(admit({ host: 'localhost:1', ...headers }, scope, open)).toBe('not_allowed');
    }
  });

  it.each([{}, { origin: 'http://localhost:1' }, { 'sec-fetch-site': 'none' }, { 'sec-fetch-site': 'same-origin' }])(
    'answers programs, its own origin and the address bar: %o',
    (headers) => {
      expect(admit({ host: 'localhost:1', ...headers }, 'write', open)).toBeTypeOf('object');
    },
  );
});

it('tells everybody to come back once it closes', () => {
  const gate = new Gate(new Tokens());
  gate.close();
  expect(() => gate.receive({ headers: {} })).toThrow('stopping');
});
