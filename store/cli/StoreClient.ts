import { API_BASE, type ErrorAnswer } from '@rolloscope/contract';

/** The store refused a call, for a reason that repeating it does not change. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Milliseconds between tries while the store is busy, restarting or out of reach. */
const WAITS = [250, 500, 1_000, 2_000, 2_000, 2_000, 5_000, 10_000, 20_000];
/** Tries for a store that has never answered: more likely a wrong address than a restart. */
const FIRST_TRIES = 3;
/** Milliseconds for one answer: a connection that died without a word must not hold an import for ever. */
const PATIENCE = 120_000;
const TRANSIENT = [408, 429, 500, 502, 503, 504];
const DISK_FULL = 507;

export interface ClientOptions {
  /** The path that all others are below; default the API's. */
  base?: string;
  token?: string;
  /** Tries for ever once the store has answered, also while its disk is full; else it gives up after a minute. */
  isPatient?: boolean;
  /** Ends every wait: the call throws its reason. */
  signal?: AbortSignal;
  /** Hears when the store goes away, with the reason, and when it is back (undefined). */
  onState?(away: string | undefined): void;
}

interface Answer {
  ok: boolean;
  status: number;
  text: string;
  /** Seconds; 0 where nothing is said. */
  retryAfter: number;
}

/** Calls a store, and calls again where that makes sense. */
export class StoreClient {
  readonly base: string;
  #hasAnswered = false;
  #isAway = false;

  constructor(
    url: string,
    private readonly options: ClientOptions = {},
  ) {
    this.base = url.replace(/\/+$/, '').replace(new RegExp(`${API_BASE}$`), '') + (options.base ?? API_BASE);
  }

  /** The answer as JSON. Throws `Refused`, or an error that says that the store cannot be reached. */
  send(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.sendText(method, path, body === undefined ? undefined : JSON.stringify(body));
  }

  /** The same, of a body that is JSON already. */
  async sendText(method: string, path: string, text: string | undefined): Promise<unknown> {
    const { signal, isPatient = false } = this.options;
    for (let tried = 0; ; tried++) {
      signal?.throwIfAborted();
      const answer = await this.#try(method, path, text);
      this.#hasAnswered ||= typeof answer !== 'string';
      if (typeof answer !== 'string' && answer.ok) {
        this.#sayAway(undefined);
        return JSON.parse(answer.text) as unknown;
      }
      const reason = typeof answer === 'string' ? answer : refusal(answer, isPatient);
      if (!this.#hasAnswered && tried >= FIRST_TRIES) {
        throw new Error(`No store answers at ${this.base}: ${reason}`);
      }
      const wait = WAITS[tried] ?? (isPatient ? WAITS.at(-1) : undefined);
      if (wait === undefined) {
        throw new Error(`The store at ${this.base} does not take the data: ${reason}`);
      }
      if (tried > 1) {
        this.#sayAway(reason);
      }
      const retryAfter = typeof answer === 'string' ? Number.NaN : answer.retryAfter;
      await pause((retryAfter || 0) * 1_000 || wait, signal);
    }
  }

  #sayAway(away: string | undefined): void {
    if (this.#isAway !== (away !== undefined)) {
      this.#isAway = away !== undefined;
      this.options.onState?.(away);
    }
  }

  /** A response that has come whole, or why there is none. */
  async #try(method: string, path: string, body: string | undefined): Promise<Answer | string> {
    const { token } = this.options;
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    try {
      const answer = await fetch(this.base + path, {
        method,
        headers,
        signal: AbortSignal.timeout(PATIENCE),
        ...(body !== undefined && { body }),
      });
      const { ok, status } = answer;
      const text = await answer.text();
      return { ok, status, text, retryAfter: Number(answer.headers.get('retry-after')) };
    } catch (cause) {
      const inner = cause instanceof Error ? (cause.cause as Error | undefined) : undefined;
      return inner?.message || (cause instanceof Error ? cause.message : String(cause));
    }
  }
}

/** Resolves after so many milliseconds; throws the signal's reason as soon as it is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Puts an answer that is worth another try into words; throws `Refused` for one that is not. */
function refusal({ status, text }: Answer, isPatient: boolean): string {
  let error = { code: 'unknown', message: `it answered ${status}: ${text.slice(0, 200)}` };
  try {
    error = (JSON.parse(text) as ErrorAnswer).error ?? error;
  } catch {
    // It is not our store, or something in between: the status and the text say it.
  }
  const isTransient = TRANSIENT.includes(status) || (isPatient && status === DISK_FULL);
  if (!isTransient) {
    throw new Refused(status, error.code, error.message);
  }
  return error.message;
}
