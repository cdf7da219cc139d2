import { LIMITS, LogEntry, LogRequest } from '@rolloscope/contract';
import { decodeText, parseBody, parseNdjson } from '../json/parseJson';
import { StoreError } from '../StoreError';
import { checker } from './checker';

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

/** The lines that the entries of an NDJSON body stood on. */
const linesOf = new WeakMap<LogRequest, number[]>();

/** An NDJSON body of a log call: one entry a line. Messages begin with the line. */
export function ndjsonLogRequest(bytes: Buffer, batchId: string | undefined): LogRequest {
  const lines = parseNdjson(decodeText(bytes));
  if (lines.length > LIMITS.entries) {
    throw new StoreError('limit_exceeded', `The body has ${lines.length} entries; the limit is ${LIMITS.entries}.`);
  }
  const entries = lines.map(({ line, value }) => checkEntry(value, `Line ${line}: `));
  const request = batchId === undefined ? { entries } : { batchId, entries };
  linesOf.set(
    request,
    lines.map(({ line }) => line),
  );
  return request;
}

/** A refusal of `entries[3]` of a request that came as NDJSON, said by its line. */
export function withLine(error: unknown, request: LogRequest): unknown {
  const [begin = '', index] = (error instanceof StoreError && /^entries\[(\d+)\]\.?/.exec(error.message)) || [];
  const line = linesOf.get(request)?.[Number(index)];
  if (line === undefined || !(error instanceof StoreError)) {
    return error;
  }
  return new StoreError(error.code, `Line ${line}: ${error.message.slice(begin.length)}`, error.retryAfter);
}
