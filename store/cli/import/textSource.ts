import type { FileHandle } from 'node:fs/promises';
import { PACKINGS, type Packing, unpack } from './unpack';
import { unreadAs } from './whyUnread';

const CHUNK_BYTES = 1024 * 1024;
/** Bytes that tell how a file is packed, or its text is encoded. */
const HEAD_BYTES = 4096;

/** The text of a file as bytes in which ASCII is ASCII: UTF-8, or an older encoding of one byte a character. */
export interface TextSource {
  /** True where offsets are the file's own; else they count what was unpacked, or transcoded. */
  readonly isPlain: boolean;
  /** The offset in bytes at which the text ends, as far as it was read. */
  readonly end: number;
  /** The reason why there is no more of it, although the file goes on. */
  readonly fault: string | undefined;
  /** It is packed, and the file ends before that does. */
  readonly isCut: boolean;
  /** Reads from an offset on. */
  read(from: number): AsyncGenerator<Buffer>;
}

type Encoding = 'utf-16le' | 'utf-16be';

/**
 * Opens the text of a file, whatever its name is: gzip and zstd are unpacked, UTF-16 is transcoded. Of a `binary` file the
 * bytes are given as they are.
 */
export async function textSource(handle: FileHandle, holds: 'text' | 'binary' = 'text'): Promise<TextSource> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const head = buffer.subarray(0, bytesRead);
  const source = new FileText(handle, packingOf(head), unreadAs(head));
  if (holds === 'text') {
    await source.open();
  }
  return source;
}

const packingOf = (head: Buffer): Packing | undefined =>
  PACKINGS.find(({ magic }) => head.subarray(0, magic.length).equals(magic));

class FileText implements TextSource {
  end = 0;
  fault: string | undefined;
  isCut = false;
  private encoding: Encoding | undefined;

  constructor(
    private readonly handle: FileHandle,
    private readonly packing: Packing | undefined,
    /** A name for what the file is, where that is not read. */
    private readonly otherwise: string | undefined,
  ) {}

  get isPlain(): boolean {
    return this.packing === undefined && this.encoding === undefined;
  }

  async open(): Promise<void> {
    for await (const chunk of this.bytes(0)) {
      this.encoding = encodingOf(chunk.subarray(0, HEAD_BYTES));
      break;
    }
  }

  async *read(from: number): AsyncGenerator<Buffer> {
    const { encoding } = this;
    this.end = from;
    if (this.isPlain) {
      yield* this.counted(this.bytes(from));
      return;
    }
    let left = from;
    const bytes = this.bytes(0);
    const text = encoding ? transcoded(bytes, encoding) : bytes;
    const rest = async function* () {
      for await (const chunk of text) {
        const skipped = Math.min(left, chunk.length);
        left -= skipped;
        if (skipped < chunk.length) {
          yield chunk.subarray(skipped);
        }
      }
    };
    yield* this.counted(rest());
  }

  private async *counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.end += chunk.length;
      yield chunk;
    }
  }

  private async *bytes(from: number): AsyncGenerator<Buffer> {
    if (this.otherwise !== undefined) {
      this.fault = `It is not read, for it is ${this.otherwise}.`;
      return;
    }
    if (!this.packing) {
      yield* chunksOf(this.handle, from);
      return;
    }
    this.fault = undefined;
    const { size } = await this.handle.stat();
    const end = yield* unpack(this.packing, chunksOf(this.handle, 0), size);
    this.fault = end.fault;
    this.isCut = end.isCut === true;
  }
}

async function* chunksOf(handle: FileHandle, from: number): AsyncGenerator<Buffer> {
  for (let position = from; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, position);
    if (bytesRead === 0) {
      return;
    }
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Tells UTF-16 by its byte order mark; without one, text of Latin letters has a zero in every other place. */
function encodingOf(head: Buffer): Encoding | undefined {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) {
    return mark === 0xfffe ? 'utf-16le' : 'utf-16be';
  }
  const pairs = head.length >> 1;
  const zeros = (first: number) => {
    let count = 0;
    for (let i = first; i < pairs * 2; i += 2) {
      count += head[i] === 0 ? 1 : 0;
    }
    return count / pairs;
  };
  if (pairs < 4) {
    return undefined;
  }
  return zeros(1) > 0.8 && zeros(0) < 0.1 ? 'utf-16le' : zeros(0) > 0.8 && zeros(1) < 0.1 ? 'utf-16be' : undefined;
}

async function* transcoded(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    yield Buffer.from(decoder.decode(chunk, { stream: true }));
  }
}

/** Characters that Windows has where Latin-1 has control characters: bytes 0x80 to 0x9f. */
const WINDOWS = [...'€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'];

/** The text of bytes: UTF-8, or else Latin-1 as Windows has it, of which every byte is a character. */
export const decodeText = (bytes: Buffer, isUtf8: boolean): string =>
  isUtf8
    ? bytes.toString('utf8')
    : bytes.toString('latin1').replace(/[\x80-\x9f]/g, (found) => WINDOWS[found.charCodeAt(0) - 0x80] ?? found);
