import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip as gzipCallback } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nextTurn } from '../Turn';

const gzip = promisify(gzipCallback);
/** UTF-16 units of the shortest text that is compressed: a shorter one would hardly get smaller. */
const COMPRESS_FROM = 1_024;
/** Characters that are written before other requests get a turn. */
export const TURN = 65_536;
/** The level of gzip, fast rather than small: the link is usually local. */
const LEVEL = 3;

/** Sends a text that comes in pieces, compressed where the client takes that; a large one as a stream. */
export async function sendText(
  request: FastifyRequest,
  reply: FastifyReply,
  contentType: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  reply.header('content-type', contentType).header('vary', 'Accept-Encoding');
  const compresses = acceptsGzip(request.headers['accept-encoding']);
  const turns = inTurns(pieces);
  const first = (await turns.next()).value ?? '';
  const second = await turns.next();
  if (!second.done) {
    sendStream(reply, compresses, first + second.value, turns);
    return;
  }
  if (!compresses || first.length < COMPRESS_FROM) {
    reply.send(first);
    return;
  }
  const compressed = await gzip(first, { level: LEVEL });
  reply.header('content-encoding', 'gzip').send(compressed);
}

function sendStream(reply: FastifyReply, compresses: boolean, begin: string, turns: AsyncIterable<string>): void {
  async function* texts() {
    yield Buffer.from(begin);
    for await (const text of turns) {
      await nextTurn();
      yield Buffer.from(text);
    }
  }
  const plain = Readable.from(texts(), { objectMode: false });
  if (!compresses) {
    reply.send(plain);
    return;
  }
  const compressed = createGzip({ level: LEVEL });
  plain.on('error', (error) => compressed.destroy(error));
  compressed.on('close', () => plain.destroy());
  reply.header('content-encoding', 'gzip').send(plain.pipe(compressed));
}

async function* inTurns(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string, undefined> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length >= TURN) {
      yield text;
      text = '';
    }
  }
  if (text !== '') {
    yield text;
  }
}

/** Says whether gzip is accepted: what is said of gzip itself counts before what is said of any coding. */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '').split(',');
  const told = (name: RegExp) => codings.map((coding) => name.exec(coding)).find((found) => found !== null);
  const found = told(/^\s*(?:gzip|x-gzip)\s*(;.*)?$/i) ?? told(/^\s*\*\s*(;.*)?$/);
  return found !== undefined && !/;\s*q=0(\.0*)?\s*$/.test(found[1] ?? '');
}
