import type { ErrorAnswer } from '@rolloscope/contract';
import { isObject } from '../../formats/readObject';

/** Milliseconds for one answer: somebody is waiting for it. */
const PATIENCE = 15_000;

/** An answer that has come whole. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The answer's JSON, where it is an object; else empty. */
  body: Record<string, unknown>;
  /** The error's code and message, where the answer is an error of a store. */
  error: Partial<ErrorAnswer['error']>;
  /** Milliseconds of this machine's clock in the middle of the call. */
  at: number;
}

/** Nobody answered; `code` is Node's or OpenSSL's name for why. */
export class NoAnswer extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Calls one server once each time: what a retry would hide is what is looked for. */
export class Caller {
  readonly base: string;

  constructor(
    url: string,
    private readonly token: string | undefined,
  ) {
    this.base = url.replace(/\/+$/, '');
  }

  get hasToken(): boolean {
    return this.token !== undefined;
  }

  /** Redirects are not followed. Throws `NoAnswer`. */
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const before = Date.now();
    try {
      const answer = await fetch(this.base + path, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE),
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const json = objectOf(text);
      const error = isObject(json.error) ? (json.error as Answer['error']) : {};
      return { status: answer.status, headers: answer.headers, text, body: json, error, at: (before + Date.now()) / 2 };
    } catch (cause) {
      throw noAnswer(cause);
    }
  }
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function noAnswer(cause: unknown): NoAnswer {
  const outer = cause instanceof Error ? cause : new Error(String(cause));
  const inner: NodeJS.ErrnoException = outer.cause instanceof Error ? outer.cause : outer;
  const code = outer.name === 'TimeoutError' ? 'ETIMEDOUT' : (inner.code ?? '');
  return new NoAnswer(code, inner.message || outer.message);
}

/** Describes an answer in a few words: by the message of its error, else by its status and how its text begins. */
export const described = ({ status, error, text }: Answer): string =>
  error.message !== undefined
    ? error.message
    : `status ${status}${text === '' ? '' : `, ${JSON.stringify(text.trim().slice(0, 80))}`}`;
