import { pause } from '../StoreClient';

/** A server that is moved out of refused a call for a reason that repeating it does not change. */
export class RemoteRefusal extends Error {
  override readonly name = 'RemoteRefusal';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A call that asks for too much: the server fails at it again and again while it answers. */
export class TooMuch extends Error {}

interface RemoteOptions {
  /** The name in messages, such as `W&B`. */
  name: string;
  headers?: Record<string, string>;
  signal: AbortSignal;
  /** Hears once when it has to be waited for, and once when it is back. */
  tell(line: string): void;
}

export interface CallOptions {
  method?: string;
  body?: string;
  /** The failures of the server itself (5xx) after which `TooMuch` is thrown; whoever asks can ask for less. */
  heavyAfter?: number;
}

/** Milliseconds for one answer; large histories take their time. */
const PATIENCE = 180_000;
const LONGEST_WAIT = 60_000;
/** A server that is away for longer than that ends the import, which goes on where it ended when it is run again. */
const GIVE_UP = 10 * 60_000;
/** Waits that nobody has to be told of. */
const SHORT = 5_000;

/** Milliseconds before the next try: what the server says (seconds, or a date), else doubling from one second on. */
export function waitBefore(tried: number, retryAfter: string | null, now = Date.now()): number {
  const seconds = Number(retryAfter ?? Number.NaN);
  const told = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(retryAfter ?? '') - now;
  return told > 0 ? told : Math.min(LONGEST_WAIT, 1_000 * 2 ** tried);
}

/**
 * Calls a server of another tool. Where it says that it is asked too often (429) it is waited for as long as that takes;
 * where it is away, for ten minutes.
 */
export class Remote {
  constructor(private readonly options: RemoteOptions) {}

  async json(url: string, call: CallOptions = {}): Promise<unknown> {
    const text = await this.text(url, call);
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new RemoteRefusal(
        200,
        `${this.options.name} answered with something that is no JSON: ${text.slice(0, 80)}`,
      );
    }
  }

  /** Throws `RemoteRefusal`, `TooMuch`, or an error that says that it is away. */
  async text(url: string, { method = 'GET', body, heavyAfter }: CallOptions = {}): Promise<string> {
    const { name, signal, tell } = this.options;
    let isToldOf = false;
    const since = performance.now();
    for (let tried = 0; ; tried++) {
      signal.throwIfAborted();
      const answer = await this.try(url, method, body);
      if (typeof answer !== 'string' && answer.status < 400) {
        if (isToldOf) {
          tell(`${name} is back.`);
        }
        return answer.text;
      }
      const [status, reason] = typeof answer === 'string' ? [0, answer] : [answer.status, reasonOf(answer)];
      if (status >= 400 && status < 500 && ![408, 425, 429].includes(status)) {
        throw new RemoteRefusal(status, reason);
      }
      if (status >= 500 && heavyAfter !== undefined && tried + 1 >= heavyAfter) {
        throw new TooMuch(reason);
      }
      if (status !== 429 && performance.now() - since > GIVE_UP) {
        throw new Error(`${name} does not answer (${reason}). Run the same command again: it goes on where it ended.`);
      }
      const wait = waitBefore(tried, typeof answer === 'string' ? null : answer.retryAfter);
      if (!isToldOf && (wait > SHORT || tried > 2)) {
        isToldOf = true;
        tell(
          status === 429
            ? `${name} says that it is asked too often (429); waiting as long as it takes, nothing is lost.`
            : `${name} is away, waiting for it: ${reason}`,
        );
      }
      await pause(wait, signal);
    }
  }

  private async try(url: string, method: string, body: string | undefined) {
    try {
      const answer = await fetch(url, {
        method,
        headers: { ...this.options.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        signal: AbortSignal.any([AbortSignal.timeout(PATIENCE), this.options.signal]),
        ...(body !== undefined && { body }),
      });
      return { status: answer.status, text: await answer.text(), retryAfter: answer.headers.get('retry-after') };
    } catch (cause) {
      const inner = cause instanceof Error ? (cause.cause as Error | undefined) : undefined;
      return inner?.message || (cause instanceof Error ? cause.message : String(cause));
    }
  }
}

/** Puts an error into words: its status, and the message in it, whatever it is called there. */
function reasonOf({ status, text }: { status: number; text: string }): string {
  const message = /"(?:message|error|detail)"\s*:\s*"((?:[^"\\]|\\.){1,300})/.exec(text)?.[1];
  return message === undefined ? `it answered ${status}` : `it answered ${status}: ${message}`;
}
