import type { MediaFacts } from '../MediaFacts';
import { cutOff, goesOn, MediaFault, pieceCounter } from '../MediaFault';

export const isGif = (bytes: Buffer) => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6));

/** Bytes of the table of colours that a byte of flags tells. */
const colours = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));

/** Walks the blocks, counts the pictures. GIF89a. */
export function readGif(bytes: Buffer): MediaFacts {
  if (bytes.length < 13) {
    throw cutOff();
  }
  const byte = (at: number): number => {
    if (at >= bytes.length) {
      throw cutOff();
    }
    return bytes[at] as number;
  };
  const count = pieceCounter();
  const pastBlocks = (from: number): number => {
    let at = from;
    for (let length = byte(at); length > 0; length = byte(at)) {
      count();
      at += 1 + length;
    }
    return at + 1;
  };
  let [width, height, frames] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8), 0];
  let at = 13 + colours(byte(10));
  for (;;) {
    count();
    switch (byte(at)) {
      case 0x21:
        at = pastBlocks(at + 2);
        break;
      case 0x2c:
        byte(at + 9);
        // A browser widens the whole to what a picture takes.
        width = Math.max(width, bytes.readUInt16LE(at + 1) + bytes.readUInt16LE(at + 5));
        height = Math.max(height, bytes.readUInt16LE(at + 3) + bytes.readUInt16LE(at + 7));
        frames++;
        at = pastBlocks(at + 10 + colours(byte(at + 9)) + 1);
        break;
      case 0x3b:
        if (frames === 0) {
          throw new MediaFault('is a GIF without a picture');
        }
        if (at + 1 < bytes.length) {
          throw goesOn();
        }
        return { type: 'image/gif', width, height, frames };
      default:
        throw new MediaFault('is no GIF: its blocks do not follow each other');
    }
  }
}
