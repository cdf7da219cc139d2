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
const WAITS = [250, 500, 1_000, 2_000, 5_000, 10_000, 20_000];
/** Tries for a store that has never answered: more likely a wrong address than a restart. */
const FIRST_TRIES = 3;

/** Calls a store, and calls again where that makes sense. */
export class StoreClient {
  readonly #base: string;
  #hasAnswered = false;

  constructor(
    url: string,
    private readonly token: string | undefined,
  ) {
    this.#base = url.replace(/\/+$/, '') + (url.includes(API_BASE) ? '' : API_BASE);
  }

  /** The answer as JSON. Throws `Refused`, or an error that says that the store cannot be reached. */
  async send(method: string, path: string, body: unknown): Promise<unknown> {
    let last = '';
    for (const [tried, wait] of [...WAITS, undefined].entries()) {
      const answer = await this.#try(method, path, JSON.stringify(body));
      this.#hasAnswered ||= typeof answer !== 'string';
      if (!this.#hasAnswered && tried >= FIRST_TRIES) {
        throw new Error(`No store answers at ${this.#base}: ${answer}`);
      }
      if (typeof answer !== 'string' && answer.ok) {
        return answer.json();
      }
      const retryAfter =
        typeof answer === 'string' ? undefined : Number(answer.headers.get('retry-after') ?? Number.NaN);
      last = typeof answer === 'string' ? answer : await refusal(answer);
      if (wait !== undefined) {
        await new Promise((resolve) => setTimeout(resolve, (retryAfter ?? 0) * 1_000 || wait));
      }
    }
    throw new Error(`The store at ${this.#base} does not take the data: ${last}`);
  }

  /** A response, or why there is none. */
  async #try(method: string, path: string, body: string): Promise<Response | string> {
    const authorization = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    try {
      const headers = { 'content-type': 'application/json', ...authorization };
      return await fetch(this.#base + path, { method, headers, body });
    } catch (cause) {
      const inner = cause instanceof Error ? (cause.cause as Error | undefined) : undefined;
      return inner?.message || (cause instanceof Error ? cause.message : String(cause));
    }
  }
}

/** What to say of an answer that is worth another try; throws for one that is not. */
async function refusal(answer: Response): Promise<string> {
  const text = await answer.text();
  let error = { code: 'unknown', message: `it answered ${answer.status}: ${text.slice(0, 200)}` };
  try {
    error = (JSON.parse(text) as ErrorAnswer).error ?? error;
  } catch {
    // Not our store, or something in between: the status and the text say it.
  }
  if (![429, 500, 502, 503, 504].includes(answer.status)) {
    throw new Refused(answer.status, error.code, error.message);
  }
  return error.message;
}
