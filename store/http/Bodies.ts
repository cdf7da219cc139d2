import { LIMITS } from '@rolloscope/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StoreError } from '../StoreError';
import { BodyBudget } from './BodyBudget';
import { LargeBodies } from './LargeBodies';
import { type BodyLimit, readBody } from './readBody';
import { ANYBODY, type Caller, type Scope } from './Tokens';

const LIMIT_OF: Readonly<Record<Scope, BodyLimit>> = {
  read: { bytes: LIMITS.queryBytes, name: 'queryBytes' },
  write: { bytes: LIMITS.bodyBytes, name: 'bodyBytes' },
  label: { bytes: LIMITS.labelBytes, name: 'labelBytes' },
};

/** Reads the bodies of requests, of all paths, within what may be held of them. */
export class Bodies {
  readonly #budget = new BodyBudget();
  readonly #large = new LargeBodies();

  /** The whole body, decompressed, once it may be worked on. What it holds is given back when it is answered. */
  async read(
    request: FastifyRequest,
    { raw: response }: FastifyReply,
    scope: Scope,
    caller: Caller,
    limit: BodyLimit = LIMIT_OF[scope],
  ): Promise<Buffer> {
    requireOpen(request);
    const held = this.#budget.hold(scope, ownerOf(caller, request));
    response.once('close', () => held.release());
    const bytes = await readBody(request.raw, response, held, limit);
    requireOpen(request);
    await this.#large.enter(bytes.length, response);
    return bytes;
  }
}

/** Nobody tells the end of a connection that is over already. */
function requireOpen({ raw }: FastifyRequest): void {
  if (raw.socket.destroyed) {
    throw new StoreError('invalid_request', 'The connection closed before the body was read.');
  }
}

/** A token that many machines share is many owners. */
const ownerOf = (caller: Caller, { ip }: FastifyRequest) => (caller === ANYBODY ? ip : `${caller.key} ${ip}`);
