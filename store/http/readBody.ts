import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGunzip, createInflate } from 'node:zlib';
import { LIMITS } from '@rolloscope/contract';
import { StoreError } from '../StoreError';
import type { BodyBudget } from './BodyBudget';

const tooLarge = (limit: number) =>
  new StoreError(
    'body_too_large',
    `The body is beyond the limit of ${limit} bytes (bodyBytes, after decompression); send it in parts.`,
  );

/**
 * The bytes of a body, decompressed. Counts what comes out of the decompressor, so that a small body cannot unfold into
 * memory; stops reading at the limit. The budget is given back when the answer is over.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  budget: BodyBudget,
  limit: number = LIMITS.bodyBytes,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    throw tooLarge(limit);
  }
  let held = 0;
  response.once('close', () => budget.give(held));
  const source = decompressed(request);
  if (/100-continue/i.test(request.headers.expect ?? '')) {
    response.writeContinue();
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > limit) {
        throw tooLarge(limit);
      }
      budget.take(bytes.length);
      held += bytes.length;
      chunks.push(bytes);
    }
  } catch (cause) {
    // The rest is read and dropped: a connection that is reset loses the answer on its way.
    request.unpipe();
    request.resume();
    throw cause instanceof StoreError ? cause : broken(request, cause);
  }
  return Buffer.concat(chunks);
}

/** Reads on without destroying the request at the end: the answer still has to go out over its socket. */
function decompressed(request: IncomingMessage): AsyncIterable<unknown> {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  const leaveOpen = { destroyOnReturn: false };
  if (encoding === 'identity') {
    return request.iterator(leaveOpen) as AsyncIterableIterator<unknown>;
  }
  const decompressor =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'deflate'
        ? createInflate()
        : undefined;
  if (!decompressor) {
    const message = `Content-Encoding ${JSON.stringify(encoding)} is unknown here; use gzip, deflate or none.`;
    throw new StoreError('unsupported_media_type', message);
  }
  request.once('close', () => {
    if (!request.readableEnded) {
      decompressor.destroy(new Error('aborted'));
    }
  });
  return request.pipe(decompressor).iterator(leaveOpen) as AsyncIterableIterator<unknown>;
}

function broken(request: IncomingMessage, cause: unknown): StoreError {
  if (!request.complete) {
    return new StoreError('invalid_request', 'The connection closed before the body was complete.');
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError('invalid_request', `The body cannot be decompressed: ${reason}.`);
}
