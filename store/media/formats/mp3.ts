import type { MediaFacts } from '../MediaFacts';
import { MediaFault, pieceCounter } from '../MediaFault';

/** Kilobits a second of layer III, by the four bits that tell, for MPEG 1 and for 2 and 2.5. */
const RATES = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const SAMPLES = [44_100, 48_000, 32_000];
/** Bytes after the last frame that are no sound: part of a frame, and what players write there. */
const MOST_TAIL = 4_096;

interface Frame {
  bytes: number;
  seconds: number;
}

export const isMp3 = (bytes: Buffer) => {
  const at = pastTag(bytes);
  const first = frameAt(bytes, at);
  // Two in a row: eleven bits may stand anywhere.
  return first !== undefined && frameAt(bytes, at + first.bytes) !== undefined;
};

/** Gives the byte at which the sound begins, behind an ID3 tag. */
function pastTag(bytes: Buffer): number {
  if (bytes.toString('latin1', 0, 3) !== 'ID3' || bytes.length < 10) {
    return 0;
  }
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + ((bytes[at] ?? 0) & 0x7f), 0);
  return 10 + size;
}

function frameAt(bytes: Buffer, at: number): Frame | undefined {
  if (at + 4 > bytes.length) {
    return undefined;
  }
  const head = bytes.readUInt32BE(at);
  const [version, layer] = [(head >>> 19) & 3, (head >>> 17) & 3];
  const [rate, sample] = [(head >>> 12) & 15, (head >>> 10) & 3];
  const kilobits = RATES[version === 3 ? 0 : 1][rate] ?? 0;
  if (head >>> 21 !== 0x7ff || version === 1 || layer !== 1 || kilobits === 0 || sample === 3) {
    return undefined;
  }
  const hertz = (SAMPLES[sample] ?? 0) / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const samples = version === 3 ? 1_152 : 576;
  return {
    bytes: Math.floor((samples * 125 * kilobits) / hertz) + ((head >>> 9) & 1),
    seconds: samples / hertz,
  };
}

/** Walks the frames. ISO/IEC 11172-3. */
export function readMp3(bytes: Buffer): MediaFacts {
  const count = pieceCounter();
  let [at, seconds] = [pastTag(bytes), 0];
  for (let frame = frameAt(bytes, at); frame; frame = frameAt(bytes, at)) {
    count();
    at += frame.bytes;
    seconds += frame.seconds;
  }
  if (bytes.length - at > MOST_TAIL) {
    throw new MediaFault('is no MP3: its frames do not follow each other');
  }
  return { type: 'audio/mpeg', seconds };
}
