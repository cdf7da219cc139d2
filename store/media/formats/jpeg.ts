import type { MediaFacts } from '../MediaFacts';
import { cutOff, goesOn, MediaFault, pieceCounter } from '../MediaFault';

const END = Buffer.from([0xff, 0xd9]);
const SCAN = 0xda;
/** Frames of all kinds but those that are tables: 0xc4, 0xc8, 0xcc. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

export const isJpeg = (bytes: Buffer) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/** Walks the segments up to the scan, and looks for the end behind it. ITU-T T.81, annex B. */
export function readJpeg(bytes: Buffer): MediaFacts {
  let [at, width, height] = [2, 0, 0];
  const count = pieceCounter();
  while (at + 4 <= bytes.length) {
    count();
    if (bytes[at] !== 0xff) {
      throw new MediaFault('is no JPEG: its segments do not follow each other');
    }
    const marker = bytes[at + 1] ?? 0;
    // Any number of these may stand before a marker.
    if (marker === 0xff || isAlone(marker)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    if (isFrame(marker) && at + 9 <= bytes.length) {
      height = bytes.readUInt16BE(at + 5);
      width = bytes.readUInt16BE(at + 7);
    }
    if (marker === SCAN) {
      return ended(bytes, at, { type: 'image/jpeg', width, height });
    }
    at += 2 + length;
  }
  throw cutOff();
}

function ended(bytes: Buffer, scan: number, facts: MediaFacts): MediaFacts {
  const end = bytes.lastIndexOf(END);
  if (end < scan) {
    throw cutOff();
  }
  // Cameras fill up with zeros.
  const rest = bytes.subarray(end + 2);
  if (!rest.equals(Buffer.alloc(rest.length))) {
    throw goesOn();
  }
  return facts;
}
