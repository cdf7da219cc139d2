import type { MediaFacts } from '../MediaFacts';
import { cutOff, MediaFault, pieceCounter } from '../MediaFault';

export const isFlac = (bytes: Buffer) => bytes.toString('latin1', 0, 4) === 'fLaC';

/** Walks the blocks before the sound, of which the first says how long it is. RFC 9639. */
export function readFlac(bytes: Buffer): MediaFacts {
  let [at, seconds] = [4, 0];
  const count = pieceCounter();
  for (let isLast = false; !isLast; ) {
    count();
    if (at + 4 > bytes.length) {
      throw cutOff();
    }
    const head = bytes[at] ?? 0;
    const length = bytes.readUIntBE(at + 1, 3);
    if (at === 4) {
      if ((head & 0x7f) !== 0 || length !== 34 || at + 22 > bytes.length) {
        throw new MediaFault('is no FLAC: it does not begin with its head');
      }
      const rate = bytes.readUIntBE(at + 14, 3) >>> 4;
      const samples = ((bytes[at + 17] ?? 0) & 15) * 2 ** 32 + bytes.readUInt32BE(at + 18);
      seconds = rate === 0 ? 0 : samples / rate;
    }
    isLast = (head & 0x80) !== 0;
    at += 4 + length;
  }
  // What follows is frames, each with its sign.
  if (at + 2 > bytes.length) {
    throw cutOff();
  }
  if ((bytes.readUInt16BE(at) & 0xfffe) !== 0xfff8) {
    throw new MediaFault('is no FLAC: no sound follows its head');
  }
  return { type: 'audio/flac', seconds };
}
