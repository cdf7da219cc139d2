import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { StoreError } from '../StoreError';

/** Milliseconds of waiting within which a sender must bring `LEAST_BYTES`, or the end. */
const PACE_MS = 15_000;
const LEAST_BYTES = 16 * 1024;
const FAREWELL_MS = 1_000;

/**
 * The bytes of a body as they arrive, from `source`: the request itself, or what decompresses it. Throws
 * `invalid_request` for a sender that goes or stops midway, or brings no more than a trickle; what the decompressor
 * throws is handed on. The request is left open at the end: the answer still has to go out over its socket.
 */
export async function* arriving(request: IncomingMessage, source: Readable = request): AsyncGenerator<Buffer> {
  let wake = () => {};
  const events = ['readable', 'end', 'error', 'close'] as const;
  const onEvent = () => wake();
  for (const event of events) {
    source.on(event, onEvent);
  }
  // Bytes, and milliseconds of waiting, since the last time that enough had come.
  let received = 0;
  let waited = 0;
  try {
    for (;;) {
      // It gives all that is there at once, however small the pieces in which it came.
      const chunk = source.read() as Buffer | null;
      if (chunk !== null) {
        received += chunk.length;
        if (received >= LEAST_BYTES) {
          [received, waited] = [0, 0];
        }
        yield chunk;
        continue;
      }
      if (source.readableEnded) {
        return;
      }
      if (source.errored || source.destroyed) {
        // An error of the request itself is its end, also where all of it had come and was not read yet.
        throw source !== request && request.complete && source.errored ? source.errored : closed();
      }
      const begin = performance.now();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PACE_MS - waited);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      waited += performance.now() - begin;
      if (waited >= PACE_MS) {
        // The answer needs time to go out.
        setTimeout(() => request.destroy(), FAREWELL_MS).unref();
        throw tooSlow();
      }
    }
  } finally {
    for (const event of events) {
      source.off(event, onEvent);
    }
    if (!request.complete) {
      // What still comes is read and dropped: a connection that is reset loses the answer on its way.
      request.unpipe();
      request.resume();
    }
  }
}

const closed = () => new StoreError('invalid_request', 'The connection closed before the body was complete.');
const tooSlow = () =>
  new StoreError(
    'invalid_request',
    `The body did not arrive: less than 16 KB of it came in ${PACE_MS / 1_000} seconds.`,
  );
