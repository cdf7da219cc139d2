import { setMaxListeners } from 'node:events';
import { LIMITS } from '@rolloscope/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asker } from '../Access';
import type { StoreError } from '../StoreError';
import { ANYBODY, type Caller } from './Tokens';

/** A request that reads, and who made it. */
export interface ReadRequest {
  request: FastifyRequest;
  reply: FastifyReply;
  caller: Caller;
}

/** Requests that read, each until its answer is sent, its client has gone, or the store stops. */
export class ReadsUnderWay {
  readonly #ends = new Set<AbortController>();

  /**
   * Reads for a request, as who asks. Where the client goes before the answer, there is none, and no fault.
   * `isBounded`: all that is read from the database may take `readSeconds` together; else each read by itself, as for
   * an answer that goes on for as long as its client takes it.
   */
  async follow(
    { request, reply, caller }: ReadRequest,
    read: (asker: Asker) => Promise<void>,
    isBounded = true,
  ): Promise<void> {
    const end = new AbortController();
    // Each of the request's reads listens.
    setMaxListeners(0, end.signal);
    let isGone = false;
    reply.raw.once('close', () => {
      isGone = true;
      this.#ends.delete(end);
      end.abort();
    });
    this.#ends.add(end);
    const time = isBounded ? { time: { left: LIMITS.readSeconds * 1_000 } } : {};
    try {
      await read({ ...caller.access, signal: end.signal, caller: nameOf(caller, request), ...time });
    } catch (error) {
      if (!isGone) {
        throw error;
      }
      reply.hijack();
    }
  }

  /** Ends all of them; those that have sent nothing yet are answered with the reason. */
  end(reason: StoreError): void {
    for (const end of this.#ends) {
      end.abort(reason);
    }
  }
}

/** Gives one name to requests that wait for each other: those of one token, or, without tokens, of one address. */
const nameOf = (caller: Caller, request: FastifyRequest) => (caller === ANYBODY ? request.ip : caller.key);
