import type { IncomingHttpHeaders } from 'node:http';
import type { Route } from '@rolloscope/contract';
import { StoreError } from '../StoreError';

/** Statuses of what is wrong with a question, or of what it asks for and is not there. */
const OF_THE_QUESTION: ReadonlySet<number> = new Set([400, 404, 422]);

/**
 * Says whether a failure is told with the status of a success, its code in the body as always: to a client that prefers
 * so (`Prefer: handling=lenient`, RFC 7240). A browser writes every other status to its console, where a run that has
 * not logged a metric yet looks like a fault of the page. What was not written is never told like this.
 */
export function isToldAsAnswer(
  error: unknown,
  { scope }: Pick<Route, 'scope'>,
  { prefer = '' }: IncomingHttpHeaders,
): error is StoreError {
  const isPreferred = /(^|[,;])\s*handling\s*=\s*"?lenient"?\s*($|[,;])/i.test(String(prefer));
  return isPreferred && scope === 'read' && error instanceof StoreError && OF_THE_QUESTION.has(error.status);
}
