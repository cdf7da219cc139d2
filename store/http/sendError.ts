import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ErrorAnswer } from '@rolloscope/contract/types';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { diskFullBy, isDiskFull } from '../disk/diskFull';
import { StoreError } from '../StoreError';
import type { Log } from './Log';
import { loggedPath } from './loggedPath';

/** Milliseconds that a client has to take an answer behind which the connection ends. */
const FAREWELL_MS = 1_000;

/** Gives a failure the status and the body that a protocol has for it. */
export type ErrorShape = (failure: StoreError) => { status: number; body: object };

/** Sends a failure in the contract's shape, or another. What nobody named is `internal`, with an id that is logged. */
export function sendError(
  log: Log,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  shape: ErrorShape = ofContract,
): FastifyReply {
  const known = error instanceof StoreError ? error : isDiskFull(error) ? diskFullBy(error) : fromFastify(error);
  const failure = known ?? internal(log, error, request);
  if (failure.retryAfter !== undefined) {
    reply.header('retry-after', String(Math.ceil(failure.retryAfter)));
  }
  if (failure.status === 401) {
    reply.header('www-authenticate', 'Bearer realm="rolloscope"');
  }
  // What a handler set for its answer is not true of this one.
  reply.removeHeader('content-encoding').removeHeader('content-disposition');
  const { status, body } = shape(failure);
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

const ofContract: ErrorShape = (failure) => ({ status: failure.status, body: errorAnswer(failure) });

export const errorAnswer = ({ code, message }: StoreError): ErrorAnswer => ({ error: { code, message } });

function fromFastify(error: unknown): StoreError | undefined {
  const { code = '', statusCode = 500, message = '' } = (error ?? {}) as Partial<FastifyError>;
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new StoreError('unsupported_media_type', 'The Content-Type is not a media type; use application/json.');
    case 'FST_ERR_BAD_URL':
      return new StoreError('invalid_request', 'The percent-encoding of the URL is broken.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new StoreError('limit_exceeded', 'A part of the path is too long; the limit is 256 characters.');
    default:
      // Fastify refuses more by itself, such as the method QUERY without a Content-Type.
      return code.startsWith('FST_ERR_') && statusCode < 500
        ? new StoreError('invalid_request', `This request cannot be read: ${message}`)
        : undefined;
  }
}

function internal(log: Log, error: unknown, request: FastifyRequest): StoreError {
  const id = randomUUID().slice(0, 8);
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  log({ event: 'fault', id, method: request.method, path: loggedPath(request), name, message, stack });
  return new StoreError('internal', `The store failed; its log has the reason under the id ${id}.`);
}

/** Answers what never became a request: not HTTP, a head that is too long, a body that does not arrive. */
export function sendClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writableEnded) {
    // It is more of what was answered already.
    return;
  }
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(errorAnswer(clientError(error.code)));
  const head = ['HTTP/1.1 400 Bad Request', 'Content-Type: application/json; charset=utf-8', 'Connection: close'];
  socket.end(`${[...head, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`);
  // What is still on its way is read and dropped: a connection that is reset loses the answer.
  socket.resume();
  setTimeout(() => socket.destroy(), FAREWELL_MS).unref();
}

function clientError(code: string | undefined): StoreError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new StoreError('limit_exceeded', 'The URL and headers are longer than the limit of 64 KB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new StoreError('invalid_request', 'The request did not arrive in time.');
    default:
      return new StoreError('invalid_request', 'This is not an HTTP request.');
  }
}
