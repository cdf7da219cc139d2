import type { MediaFacts } from '../MediaFacts';
import { cutOff, goesOn, MediaFault } from '../MediaFault';

/** The size of the file stands behind the two letters, and the head's own one of few sizes. */
export const isBmp = (bytes: Buffer) =>
  bytes.length >= 26 &&
  bytes.toString('latin1', 0, 2) === 'BM' &&
  [40, 52, 56, 108, 124].includes(bytes.readUInt32LE(14));

/** The head alone: what is not packed must be there, too. */
export function readBmp(bytes: Buffer): MediaFacts {
  if (bytes.length < 54) {
    throw cutOff();
  }
  // Where it is negative, the lines go downwards.
  const [width, height] = [bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22))];
  const [bits, packing, from] = [bytes.readUInt16LE(28), bytes.readUInt32LE(30), bytes.readUInt32LE(10)];
  if (width < 0 || ![1, 4, 8, 16, 24, 32].includes(bits) || ![0, 3].includes(packing)) {
    throw new MediaFault('is a BMP of a kind that browsers do not show');
  }
  const end = from + height * 4 * Math.ceil((width * bits) / 32);
  if (end > bytes.length) {
    throw cutOff();
  }
  if (bytes.length > Math.max(end, bytes.readUInt32LE(2))) {
    throw goesOn();
  }
  return { type: 'image/bmp', width, height };
}
