import assert from 'node:assert/strict';
import { API_BASE, ERRORS, ErrorAnswer, ROUTES, type Route, type RouteName } from '@rolloscope/contract';
import type { ErrorCode } from '@rolloscope/contract/types';
import type { Static, TSchema } from 'typebox';
import { type Check, checker } from '../../store/http/checker';

export type Answer<N extends RouteName> = (typeof ROUTES)[N] extends { answer: infer S extends TSchema }
  ? Static<S>
  : unknown;

export interface CallOptions {
  /** The path's parameter, not encoded. */
  id?: string;
  query?: Record<string, string>;
  /** Sent as JSON, unless it is a string or bytes: those go as they are. */
  body?: unknown;
  headers?: Record<string, string>;
}

const checkError = checker(ErrorAnswer, 'The error');
const checks = new Map<RouteName, Check<unknown>>(
  Object.entries<Route>(ROUTES).flatMap(([name, { answer }]) =>
    answer ? [[name as RouteName, checker(answer, 'The answer')] as const] : [],
  ),
);

/** A store, spoken to over HTTP alone. Every answer is held against the contract's schema. */
export class StoreUnderTest {
  readonly base: string;

  constructor(
    url: string,
    readonly token?: string,
  ) {
    this.base = url.replace(/\/+$/, '').replace(new RegExp(`(${API_BASE})?$`), API_BASE);
  }

  /** The response, whatever it is. */
  send(name: RouteName, { id, query, body, headers }: CallOptions = {}): Promise<Response> {
    const { method, path } = ROUTES[name];
    const at = path.replace(/\{\w+\}/, encodeURIComponent(id ?? ''));
    const search = query ? `?${new URLSearchParams(query)}` : '';
    return this.fetch(at + search, { method, body, ...(headers && { headers }) });
  }

  fetch(path: string, { method = 'GET', body, headers = {} }: { method?: string } & CallOptions = {}) {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    return fetch(this.base + path, {
      method,
      headers: {
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
    });
  }

  /** The answer of a call that must succeed. */
  async ask<N extends RouteName>(name: N, options: CallOptions = {}): Promise<Answer<N>> {
    const response = await this.send(name, options);
    const text = await response.text();
    assert.equal(response.status, 200, `${name} answered ${response.status}: ${text.slice(0, 300)}`);
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/, `${name}: content type`);
    return checks.get(name)?.(JSON.parse(text), `${name}: `) as Answer<N>;
  }

  /** The message of a call that must be refused, with one of these codes. */
  async refuse(name: RouteName, code: ErrorCode | ErrorCode[], options: CallOptions = {}): Promise<string> {
    return expectError(await this.send(name, options), code, name);
  }
}

/** Holds a response against the contract's error shape, status and codes; gives the message. */
export async function expectError(response: Response, code: ErrorCode | ErrorCode[], what: string): Promise<string> {
  const text = await response.text();
  const codes = [code].flat();
  assert.ok(
    response.status >= 400,
    `${what} answered ${response.status}, not ${codes.join(' or ')}: ${text.slice(0, 200)}`,
  );
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/, `${what}: an error is JSON`);
  const { error } = checkError(JSON.parse(text), `${what}: `);
  assert.ok(codes.includes(error.code), `${what}: ${error.code} (${error.message}), not ${codes.join(' or ')}`);
  assert.equal(response.status, ERRORS[error.code].status, `${what}: the status of ${error.code}`);
  assert.ok(error.message.length > 10, `${what}: the message says what failed: ${error.message}`);
  assert.doesNotMatch(error.message, /\n\s+at |node_modules|\.ts:\d/, `${what}: no stack in the message`);
  return error.message;
}
