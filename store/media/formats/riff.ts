import type { MediaFacts } from '../MediaFacts';
import { cutOff, goesOn, MediaFault, pieceCounter } from '../MediaFault';

const form = (bytes: Buffer) => (bytes.toString('latin1', 0, 4) === 'RIFF' ? bytes.toString('latin1', 8, 12) : '');
export const isWebp = (bytes: Buffer) => form(bytes) === 'WEBP';
export const isWav = (bytes: Buffer) => form(bytes) === 'WAVE';

interface Chunk {
  kind: string;
  data: Buffer;
}

/** The chunks of a RIFF file, which must be as long as it says. */
function* chunksOf(bytes: Buffer): Generator<Chunk, undefined, undefined> {
  if (bytes.length < 12) {
    throw cutOff();
  }
  const end = 8 + bytes.readUInt32LE(4);
  if (bytes.length > end + (end & 1)) {
    throw goesOn();
  }
  const count = pieceCounter();
  for (let at = 12; at < bytes.length; ) {
    count();
    const length = at + 8 <= bytes.length ? bytes.readUInt32LE(at + 4) : Number.POSITIVE_INFINITY;
    if (at + 8 + length > bytes.length) {
      throw cutOff();
    }
    yield { kind: bytes.toString('latin1', at, at + 4), data: bytes.subarray(at + 8, at + 8 + length) };
    at += 8 + length + (length & 1);
  }
  if (bytes.length < end) {
    throw cutOff();
  }
}

/** The size stands in the head of the one picture, or before them all. RFC 9649. */
export function readWebp(bytes: Buffer): MediaFacts {
  let [width, height, frames] = [0, 0, 0];
  let canvas: [number, number] | undefined;
  for (const { kind, data } of chunksOf(bytes)) {
    if (kind === 'VP8X' && data.length >= 10) {
      canvas = [1 + data.readUIntLE(4, 3), 1 + data.readUIntLE(7, 3)];
    } else if (kind === 'VP8 ' && data.length >= 10) {
      [width, height, frames] = [data.readUInt16LE(6) & 0x3fff, data.readUInt16LE(8) & 0x3fff, frames + 1];
    } else if (kind === 'VP8L' && data.length >= 5) {
      const sizes = data.readUInt32LE(1);
      [width, height, frames] = [1 + (sizes & 0x3fff), 1 + ((sizes >>> 14) & 0x3fff), frames + 1];
    } else if (kind === 'ANMF') {
      frames++;
    }
  }
  if (frames === 0) {
    throw new MediaFault('is a WebP without a picture');
  }
  return { type: 'image/webp', width: canvas?.[0] ?? width, height: canvas?.[1] ?? height, frames };
}

/** Seconds are the bytes of its data by those of a second. */
export function readWav(bytes: Buffer): MediaFacts {
  let [perSecond, length] = [0, 0];
  for (const { kind, data } of chunksOf(bytes)) {
    if (kind === 'fmt ' && data.length >= 16) {
      perSecond = data.readUInt32LE(8);
    } else if (kind === 'data') {
      length += data.length;
    }
  }
  if (perSecond === 0) {
    throw new MediaFault('is a WAV that does not say how it sounds');
  }
  return { type: 'audio/wav', seconds: length / perSecond };
}
