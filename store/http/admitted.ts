import type { FastifyRequest } from 'fastify';
import type { Caller, Scope } from './Tokens';

/** That the gate let a request in: who makes it, and what for. */
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

/** Who makes a request that the gate let in. */
export const callerOf = (request: FastifyRequest): Caller => admissionOf(request).caller;
