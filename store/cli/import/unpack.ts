import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress, ZstdErrorCode } from 'fzstd';

/** A way to pack a file, told by its first bytes. */
export interface Packing {
  name: string;
  magic: Buffer;
}

const GZIP: Packing = { name: 'gzip', magic: Buffer.from([0x1f, 0x8b, 0x08]) };
const ZSTD: Packing = { name: 'zstd', magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) };
export const PACKINGS: readonly Packing[] = [GZIP, ZSTD];

/** A file may unpack to this, or to so many times its own size, whichever is more: logs pack well, bombs better. */
const MOST_BYTES = 1024 ** 3;
const MOST_TIMES = 200;
/** Bytes of zstd that are unpacked at one go: four of them may stand for 128 KB, which are all held until they are read. */
const PUSHED_BYTES = 1024;
/** Bytes that zstd looks back by: a window is held in memory. */
const MOST_WINDOW = 128 * 1024 * 1024;

/** The early end of a packed file: `isCut` where more may come, `fault` where it is broken, or too large. */
interface EarlyEnd {
  isCut?: true;
  fault?: string;
}

/** Unpacks a file piece by piece; one that is still written to, as far as it goes. */
export async function* unpack(
  packing: Packing,
  chunks: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<Buffer, EarlyEnd> {
  const most = Math.max(MOST_BYTES, MOST_TIMES * size);
  let bytes = 0;
  try {
    for await (const piece of packing === GZIP ? gunzipped(chunks) : unzstd(chunks)) {
      bytes += piece.length;
      if (bytes > most) {
        const gigabytes = Math.round(most / MOST_BYTES);
        return {
          fault: `It unpacks to more than ${gigabytes} GB, ${MOST_TIMES} times its size; the rest is not read.`,
        };
      }
      yield piece;
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'Z_BUF_ERROR' || code === ZstdErrorCode.UnexpectedEOF) {
      return { isCut: true };
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { fault: `It is broken as ${packing.name} after ${bytes} bytes of what it holds: ${reason}` };
  }
  return {};
}

async function* gunzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // What is there of a file that is not whole yet is given before it fails.
  const gunzip = createGunzip();
  const source = Readable.from(chunks);
  source.on('error', (cause) => gunzip.destroy(cause));
  yield* source.pipe(gunzip) as AsyncIterable<Buffer>;
}

async function* unzstd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  const stream = new Decompress((piece) => pieces.push(Buffer.from(piece)));
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && windowOf(chunk) > MOST_WINDOW) {
      throw new Error(`it needs more than ${MOST_WINDOW / 1024 / 1024} MB of memory.`);
    }
    isFirst = false;
    for (let from = 0; from < chunk.length; from += PUSHED_BYTES) {
      let fault: unknown;
      try {
        stream.push(chunk.subarray(from, from + PUSHED_BYTES));
      } catch (cause) {
        fault = cause;
      }
      yield* pieces;
      pieces = [];
      if (fault !== undefined) {
        throw fault;
      }
    }
  }
  // Fails where the last frame is not whole.
  stream.push(new Uint8Array(), true);
}

/** Bytes of the window that the first frame's header names; where it holds all in one piece, of that. */
function windowOf(frame: Buffer): number {
  const [descriptor = 0, window = 0] = frame.subarray(4, 6);
  const isOnePiece = (descriptor & 0x20) !== 0;
  if (!isOnePiece) {
    return 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8);
  }
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [1, 2, 4, 6][descriptor >> 6] ?? 1;
  const at = 5 + dictionaryBytes;
  return frame.length < at + sizeBytes ? 0 : frame.readUIntLE(at, sizeBytes);
}
