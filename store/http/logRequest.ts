import { LIMITS, LogEntry, LogRequest } from '@rolloscope/contract';
import { StoreError } from '../StoreError';
import { checker } from './checker';
import { decodeText, parseBody, parseNdjson } from './parseJson';

const checkRequest = checker(LogRequest, 'The body');
const checkEntry = checker(LogEntry, 'The entry');

/** A JSON body of a log call. The batch id may stand in the body or in the query. */
export function jsonLogRequest(bytes: Buffer, batchId: string | undefined): LogRequest {
  const request = checkRequest(parseBody(bytes));
  if (batchId !== undefined && request.batchId !== undefined && batchId !== request.batchId) {
    throw new StoreError('invalid_request', 'batchId differs between the query and the body.');
  }
  return batchId === undefined ? request : { ...request, batchId };
}

/** An NDJSON body of a log call: one entry a line. Messages begin with the line. */
export function ndjsonLogRequest(bytes: Buffer, batchId: string | undefined): LogRequest {
  const lines = parseNdjson(decodeText(bytes));
  if (lines.length > LIMITS.entries) {
    throw new StoreError('limit_exceeded', `The body has ${lines.length} entries; the limit is ${LIMITS.entries}.`);
  }
  const entries = lines.map(({ line, value }) => checkEntry(value, `Line ${line}: `));
  return batchId === undefined ? { entries } : { batchId, entries };
}
