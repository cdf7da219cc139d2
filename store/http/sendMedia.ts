import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenedMedia } from '../media/MediaLibrary';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'audio/mpeg': 'mp3',
};

/** Headers of media, which never change and are for whoever asked alone; opened by itself, one can do nothing. */
const HEADERS = {
  'cache-control': 'private, max-age=31536000, immutable',
  'content-security-policy': "sandbox; default-src 'none'",
  'accept-ranges': 'bytes',
};

/** Sends an image or a sound, or the part of it that is asked for: a player begins in the middle. */
export function sendMedia(request: FastifyRequest, reply: FastifyReply, { ref, file }: OpenedMedia): void {
  const { media, type, bytes } = ref;
  const name = `${media}.${EXTENSIONS[type] ?? type.replace(/^\w+\//, '')}`;
  reply.headers({ ...HEADERS, 'content-type': type, 'content-disposition': `inline; filename="${name}"` });
  const range = rangeOf(request.headers.range, bytes);
  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  if (range) {
    reply.code(206).header('content-range', `bytes ${start}-${end}/${bytes}`);
  }
  reply.header('content-length', end - start + 1);
  if (request.method === 'HEAD') {
    void file.close();
    reply.send();
    return;
  }
  // It closes the file when it is over, or the client has gone.
  const stream = file.createReadStream({ start, end });
  reply.raw.once('close', () => stream.destroy());
  reply.send(stream);
}

/** One range within the file; any other wish is answered by the whole. */
function rangeOf(header: string | undefined, bytes: number): { start: number; end: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  const isLast = from === '' && to !== '';
  const start = isLast ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = isLast || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  return (from !== '' || to !== '') && start <= end ? { start, end } : undefined;
}
