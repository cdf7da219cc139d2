import type { FastifyRequest } from 'fastify';
import type { Caller, Scope } from './Tokens';

/** The admission of a request by the gate: who makes it, and what for. */
interface Admission {
  scope: Scope | 'none';
  caller: Caller;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the gate let the request in. */
    admitted: Admission | null;
  }
}

/** Throws for a route that never asked the gate, which is a fault of the store's. */
export function admissionOf({ admitted }: FastifyRequest): Admission {
  if (!admitted) {
    throw new Error('The gate was not asked.');
  }
  return admitted;
}

/** Returns who makes a request that the gate let in; throws where the gate was never asked. */
export const callerOf = (request: FastifyRequest): Caller => admissionOf(request).caller;
