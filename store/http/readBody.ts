import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { StoreError } from '../StoreError';
import { arriving } from './arriving';
import type { Held } from './BodyBudget';

/** Pieces that are joined when there are so many: each takes memory beside its bytes. */
const MOST_PIECES = 1_024;

/** Bytes of a body after decompression, at the most, and what the limit is called. */
export interface BodyLimit {
  bytes: number;
  name: string;
}

const tooLarge = ({ bytes, name }: BodyLimit) =>
  new StoreError(
    'body_too_large',
    `The body is beyond the limit of ${bytes} bytes (${name}, after decompression); send it in parts.`,
  );

/**
 * The bytes of a body, decompressed. Counts what comes out of the decompressor, so that a small body cannot unfold into
 * memory; stops reading at the limit. Whoever calls releases what is `held`.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  held: Held,
  limit: BodyLimit,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit.bytes) {
    throw tooLarge(limit);
  }
  const source = decompressed(request);
  if (/100-continue/i.test(request.headers.expect ?? '')) {
    response.writeContinue();
  }
  let pieces: Buffer[] = [];
  const large: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of arriving(request, source)) {
      size += piece.length;
      if (size > limit.bytes) {
        throw tooLarge(limit);
      }
      held.add(piece.length);
      pieces.push(piece);
      if (pieces.length === MOST_PIECES) {
        large.push(Buffer.concat(pieces));
        pieces = [];
      }
    }
  } catch (cause) {
    throw cause instanceof StoreError ? cause : broken(cause);
  } finally {
    if (source !== request) {
      source.destroy();
    }
  }
  return Buffer.concat([...large, ...pieces]);
}

/** Throws `unsupported_media_type` for an encoding that is not known. */
function decompressed(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') {
    return request;
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
  // Whoever reads is told; an error after that is nobody's, and must not end the process.
  decompressor.on('error', () => undefined);
  request.once('close', () => {
    if (!request.readableEnded) {
      decompressor.destroy(new Error('aborted'));
    }
  });
  return request.pipe(decompressor);
}

function broken(cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError('invalid_request', `The body cannot be decompressed: ${reason}.`);
}
