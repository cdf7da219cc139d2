import type { MediaFacts } from '../MediaFacts';
import { cutOff, MediaFault, pieceCounter } from '../MediaFault';

export const isOgg = (bytes: Buffer) => bytes.toString('latin1', 0, 4) === 'OggS';

/** Samples a second, by the first packet; undefined for what is neither Opus nor Vorbis, such as a film. */
function rateOf(packet: Buffer): number | undefined {
  if (packet.toString('latin1', 0, 8) === 'OpusHead') {
    return 48_000;
  }
  return packet.toString('latin1', 0, 7) === '\x01vorbis' && packet.length >= 16 ? packet.readUInt32LE(12) : undefined;
}

/** The sign of the last page of a stream. */
const LAST = 4;

/** Walks the pages: the last one's place is how long it is. RFC 3533. */
export function readOgg(bytes: Buffer): MediaFacts {
  let [at, rate, samples, isEnded] = [0, 0, 0, false];
  const pieces = pieceCounter();
  while (at < bytes.length) {
    pieces();
    if (at + 27 > bytes.length) {
      throw cutOff();
    }
    if (!isOgg(bytes.subarray(at))) {
      throw new MediaFault('is no Ogg: its pages do not follow each other');
    }
    const count = bytes[at + 26] ?? 0;
    const body = at + 27 + count;
    let length = 0;
    for (let part = at + 27; part < Math.min(body, bytes.length); part++) {
      length += bytes[part] ?? 0;
    }
    if (body + length > bytes.length) {
      throw cutOff();
    }
    if (at === 0) {
      rate = rateOf(bytes.subarray(body, body + length)) ?? 0;
    }
    isEnded = ((bytes[at + 5] ?? 0) & LAST) !== 0;
    const place = Number(bytes.readBigInt64LE(at + 6));
    samples = Math.max(samples, place);
    at = body + length;
  }
  if (rate > 0 && !isEnded) {
    throw cutOff();
  }
  if (rate === 0) {
    throw new MediaFault('is an Ogg file of something else than Opus or Vorbis');
  }
  return { type: 'audio/ogg', seconds: samples / rate };
}
