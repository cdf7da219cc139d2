import type { MediaFacts } from '../MediaFacts';
import { cutOff, goesOn, MediaFault, pieceCounter } from '../MediaFault';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

export const isPng = (bytes: Buffer) => bytes.subarray(0, 8).equals(SIGNATURE);

/** Walks the chunks, without unpacking any: the head first, some data, the end last. W3C PNG, third edition. */
export function readPng(bytes: Buffer): MediaFacts {
  let [at, width, height, frames, hasData] = [8, 0, 0, 1, false];
  const count = pieceCounter();
  for (;;) {
    count();
    if (at + 12 > bytes.length) {
      throw cutOff();
    }
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const end = at + 12 + length;
    if (end > bytes.length) {
      throw cutOff();
    }
    if ((kind === 'IHDR') !== (at === 8) || (kind === 'IHDR' && length !== 13)) {
      throw new MediaFault('is no PNG: it does not begin with its head');
    }
    if (kind === 'IHDR') {
      width = bytes.readUInt32BE(at + 8);
      height = bytes.readUInt32BE(at + 12);
    } else if (kind === 'acTL' && length === 8) {
      frames = bytes.readUInt32BE(at + 8);
    } else if (kind === 'IDAT') {
      hasData = true;
    } else if (kind === 'IEND') {
      if (!hasData) {
        throw new MediaFault('is a PNG without a picture');
      }
      if (end < bytes.length) {
        throw goesOn();
      }
      return { type: 'image/png', width, height, frames };
    }
    at = end;
  }
}
