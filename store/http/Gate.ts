import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { StoreError } from '../StoreError';
import { tokensOf } from './apiKey';
import { isOfOtherPage } from './otherPage';
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
   * Looks at every request first, whatever its path, so that no path is left out. Without tokens nothing tells a person's
   * programs from a page of the web that their browser shows: such a page is answered nowhere. Throws `unavailable` or
   * `not_allowed`.
   */
  receive({ headers }: Pick<FastifyRequest, 'headers'>): void {
    if (this.#closing) {
      throw new StoreError('unavailable', 'The store is stopping; retry in a few seconds.', 5);
    }
    if (this.tokens.required) {
      return;
    }
    if (headers.host !== undefined && !isLoopbackName(headers.host)) {
      // A page of the web whose name resolves to 127.0.0.1 would otherwise reach this store through a browser.
      const message = `A store without tokens answers to localhost only, not to ${JSON.stringify(headers.host)}.`;
      throw new StoreError('not_allowed', `${message} Start it with tokens to use another name.`);
    }
    if (isOfOtherPage(headers)) {
      throw new StoreError('not_allowed', 'A store without tokens answers no page of another origin.');
    }
  }

  /**
   * `token`: what a client sends in a header of its own. Throws `token_missing`, `token_wrong`, `not_allowed` or
   * `proxied_write`.
   */
  admit({ headers }: Pick<FastifyRequest, 'headers'>, scope: Scope | 'none', token?: string): Caller {
    if (!this.tokens.required) {
      return admitAnybody(headers, scope);
    }
    if (scope === 'none') {
      return ANYBODY;
    }
    const caller = this.#admitToken(token ?? presentedToken(headers.authorization), scope);
    if (/^basic\b/i.test(headers.authorization ?? '') && isOfOtherPage(headers)) {
      // A browser adds a password that it knows to the requests of any page.
      throw new StoreError('not_allowed', 'A page of another origin asks, with a password that the browser has kept.');
    }
    return caller;
  }

  /** Says whether some token labels rollouts; without tokens, whether a label that came this way would be taken. */
  takesLabels({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
    return this.tokens.required
      ? this.tokens.callers.some(({ scopes }) => scopes.includes('label'))
      : proxyHeaderOf(headers) === undefined;
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

function admitAnybody(headers: IncomingHttpHeaders, scope: Scope | 'none'): Caller {
  const proxied = scope !== 'read' && scope !== 'none' && proxyHeaderOf(headers);
  if (proxied) {
    const message = `This write came through a proxy (it has the header ${proxied})`;
    throw new StoreError('proxied_write', `${message}, which a store without tokens does not take.`);
  }
  return ANYBODY;
}

/** A header by which a request shows that it came through a proxy. */
const proxyHeaderOf = (headers: IncomingHttpHeaders) => PROXY_HEADERS.find((name) => headers[name] !== undefined);

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

/** Says whether a name is this machine's own: that of a `Host` header, or of the address to listen on. */
export function isLoopbackName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
  return /^(.+\.)?localhost$|^127(\.\d{1,3}){3}$|^\[?::1\]?$/.test(name);
}
