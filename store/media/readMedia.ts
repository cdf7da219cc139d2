import { LIMITS } from '@rolloscope/contract';
import { isBmp, readBmp } from './formats/bmp';
import { isFlac, readFlac } from './formats/flac';
import { isGif, readGif } from './formats/gif';
import { isJpeg, readJpeg } from './formats/jpeg';
import { isMp3, readMp3 } from './formats/mp3';
import { isOgg, readOgg } from './formats/ogg';
import { isPng, readPng } from './formats/png';
import { isWav, isWebp, readWav, readWebp } from './formats/riff';
import type { MediaFacts } from './MediaFacts';
import { MediaFault } from './MediaFault';

const READERS: ReadonlyArray<[is: (bytes: Buffer) => boolean, read: (bytes: Buffer) => MediaFacts]> = [
  [isPng, readPng],
  [isJpeg, readJpeg],
  [isGif, readGif],
  [isWebp, readWebp],
  [isBmp, readBmp],
  [isWav, readWav],
  [isOgg, readOgg],
  [isFlac, readFlac],
  // Last, since its sign is the shortest.
  [isMp3, readMp3],
];

/** Pixels of one side: browsers draw none that are longer. */
const MOST_SIDE = 32_767;

/**
 * Tells what bytes are, by themselves: a name or a type that somebody gives is never asked. Throws a `MediaFault` for
 * what is not whole, would take too much memory to show, or is of no kind that is kept.
 */
export function readMedia(bytes: Buffer): MediaFacts {
  const read = READERS.find(([is]) => is(bytes))?.[1];
  if (!read) {
    throw new MediaFault(whatElse(bytes));
  }
  const { type, width, height, frames = 1, seconds } = read(bytes);
  if (width === undefined || height === undefined) {
    return { type, seconds: Math.round((seconds ?? 0) * 1_000) / 1_000 };
  }
  const pictures = Math.max(1, frames);
  const size = `${width} × ${height} pixels${pictures > 1 ? ` in ${pictures} pictures` : ''}`;
  if (width === 0 || height === 0) {
    throw new MediaFault(`has ${size}`);
  }
  if (width * height * pictures > LIMITS.mediaPixels || Math.max(width, height) > MOST_SIDE) {
    throw new MediaFault(`has ${size}, more than the limit of ${LIMITS.mediaPixels} (mediaPixels)`);
  }
  return { type, width, height, ...(pictures > 1 && { frames: pictures }) };
}

const KINDS = 'PNG, JPEG, GIF, WebP, BMP, WAV, MP3, Ogg and FLAC are kept';

function whatElse(bytes: Buffer): string {
  const isMarkup = /^(\xef\xbb\xbf)?\s{0,200}<(\?xml|!doctype|svg|html|!--)/i.test(bytes.toString('latin1', 0, 256));
  return `${isMarkup ? 'is SVG, HTML or XML, which can carry scripts' : 'is no image or sound that is known'}; ${KINDS}`;
}
