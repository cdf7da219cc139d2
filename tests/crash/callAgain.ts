import { sleep } from './Moments';

/** What a store that stops says: come back. */
const COME_BACK = [429, 503];
const AGAIN_MS = 40;
/** Milliseconds after which a call counts as not answered. */
const PATIENCE_MS = 5_000;
/** Milliseconds after which a store that is started again has answered. */
const MOST_MS = 90_000;

export interface Called {
  status: number;
  body: unknown;
  /** Calls that were cut off, or told to come back, before this answer. */
  unanswered: number;
}

/** A call that is made until it is answered, as trainers do; throws for an answer that is not one of `expected`. */
export async function callAgain(
  url: string,
  [method, path]: readonly [string, string],
  body?: unknown,
  expected: readonly number[] = [200],
): Promise<Called> {
  const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  for (const begin = performance.now(), count = { unanswered: 0 }; ; count.unanswered++) {
    let text = '';
    let status = 0;
    try {
      const answer = await fetch(`${url}/api/v1${path}`, {
        ...init,
        headers,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      status = answer.status;
      text = await answer.text();
    } catch {
      status = 0;
    }
    if (expected.includes(status)) {
      return { status, body: JSON.parse(text), unanswered: count.unanswered };
    }
    if (status !== 0 && !COME_BACK.includes(status)) {
      throw new Error(`${method} ${path}: ${status} ${text}`);
    }
    if (performance.now() - begin > MOST_MS) {
      throw new Error(`${method} ${path}: no answer for ${MOST_MS} ms, at last ${status} ${text}`);
    }
    await sleep(AGAIN_MS);
  }
}
