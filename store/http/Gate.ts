import type { FastifyRequest } from 'fastify';
import { StoreError } from '../StoreError';
import { tokensOf } from './apiKey';
import { ANYBODY, type Caller, type Scope, type Tokens } from './Tokens';

/** Headers that a proxy adds: behind one, everybody looks like the proxy's own machine. */
const PROXY_HEADERS = ['x-forwarded-for', 'forwarded', 'x-forwarded-host', 'x-real-ip', 'via'];

/** Decides who may call what, before a body is read. */
export class Gate {
  #closing = false;

  constructor(private readonly tokens: Tokens) {}

  /** From now on every call is told to come back. */
  close(): void {
    this.#closing = true;
  }

  /**
   * `token`: what a client sends in a header of its own. Throws `unavailable`, `token_missing`, `token_wrong`,
   * `not_allowed` or `proxied_write`.
   */
  admit(request: FastifyRequest, scope: Scope | 'none', token?: string): Caller {
    if (this.#closing) {
      throw new StoreError('unavailable', 'The store is stopping; retry in a few seconds.', 5);
    }
    if (!this.tokens.required) {
      return admitAnybody(request, scope);
    }
    return scope === 'none' ? ANYBODY : this.#admitToken(token ?? presentedToken(request.headers.authorization), scope);
  }

  #admitToken(token: string | undefined, scope: Scope): Caller {
    if (token === undefined) {
      const how = 'send it as `Authorization: Bearer TOKEN`, or as the password of basic authentication';
      throw new StoreError('token_missing', `This store wants a token; ${how}.`);
    }
    const caller = tokensOf(token)
      .map((one) => this.tokens.identify(one))
      .find((one) => one !== undefined);
    if (!caller) {
      throw new StoreError('token_wrong', 'The token is not one that this store knows.');
    }
    if (!caller.scopes.includes(scope)) {
      throw new StoreError(
        'not_allowed',
        `The token does not allow to ${scope}; it allows to ${caller.scopes.join()}.`,
      );
    }
    return caller;
  }
}

function admitAnybody({ headers }: FastifyRequest, scope: Scope | 'none'): Caller {
  if (headers.host !== undefined && !isLoopbackName(headers.host)) {
    // A page of the web whose name resolves to 127.0.0.1 would otherwise reach this store through a browser.
    const message = `A store without tokens answers to localhost only, not to ${JSON.stringify(headers.host)}.`;
    throw new StoreError('not_allowed', `${message} Start it with tokens to use another name.`);
  }
  if (scope === 'write') {
    const proxied = PROXY_HEADERS.find((name) => headers[name] !== undefined);
    if (proxied) {
      const message = `This write came through a proxy (it has the header ${proxied})`;
      throw new StoreError('proxied_write', `${message}, which a store without tokens does not take.`);
    }
    if (headers.origin !== undefined && !isOriginOf(headers.origin, headers.host)) {
      throw new StoreError('not_allowed', 'A store without tokens takes no write from a page of another origin.');
    }
  }
  return ANYBODY;
}

function presentedToken(header: string | undefined): string | undefined {
  const [scheme = '', value = ''] = header?.trim().split(/\s+/) ?? [];
  if (/^bearer$/i.test(scheme)) {
    return value || undefined;
  }
  if (/^basic$/i.test(scheme)) {
    const pair = Buffer.from(value, 'base64').toString('utf8');
    return pair.slice(pair.indexOf(':') + 1) || undefined;
  }
  return undefined;
}

/** Of a `Host` header, or of the address to listen on. */
export function isLoopbackName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
  return /^(.+\.)?localhost$|^127(\.\d{1,3}){3}$|^\[?::1\]?$/.test(name);
}

function isOriginOf(origin: string, host: string | undefined): boolean {
  return origin.replace(/^https?:\/\//, '').toLowerCase() === host?.toLowerCase();
}
