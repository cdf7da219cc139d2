import { LIMITS } from '@rolloscope/contract';
import { describe, expect, it } from 'vitest';
import { bmp, flac, gif, JPEG, mp3, ogg, png, WEBP, wav } from '../testing/mediaSamples';
import { readMedia } from './readMedia';

const HTML = Buffer.from('<html><script>alert(1)</script></html>');
const ZIP = Buffer.from('504b0304140000000000', 'hex');
const IMAGES = { png: png(3, 2), jpeg: JPEG, gif: gif(), webp: WEBP, bmp: bmp(3, 2) };
const SOUNDS = { wav: wav(0.5), mp3: mp3(10), ogg: ogg(2), flac: flac(3) };
const ALL = Object.entries({ ...IMAGES, ...SOUNDS });

describe('what bytes are', () => {
  it('is told by themselves, with the room that they take', () => {
    expect(readMedia(IMAGES.png)).toEqual({ type: 'image/png', width: 3, height: 2 });
    expect(readMedia(IMAGES.jpeg)).toEqual({ type: 'image/jpeg', width: 3, height: 2 });
    expect(readMedia(IMAGES.webp)).toEqual({ type: 'image/webp', width: 3, height: 2 });
    expect(readMedia(IMAGES.bmp)).toEqual({ type: 'image/bmp', width: 3, height: 2 });
    expect(readMedia(IMAGES.gif)).toEqual({ type: 'image/gif', width: 1, height: 1 });
    expect(readMedia(gif(5))).toEqual({ type: 'image/gif', width: 1, height: 1, frames: 5 });
    expect(readMedia(png(3, 2, 0, { frames: 4 }))).toMatchObject({ frames: 4 });
    expect(readMedia(SOUNDS.wav)).toEqual({ type: 'audio/wav', seconds: 0.5 });
    expect(readMedia(SOUNDS.mp3)).toEqual({ type: 'audio/mpeg', seconds: 0.261 });
    expect(readMedia(SOUNDS.ogg)).toEqual({ type: 'audio/ogg', seconds: 2 });
    expect(readMedia(SOUNDS.flac)).toEqual({ type: 'audio/flac', seconds: 3 });
  });

  it.each(ALL)('is refused where a %s is cut off, wherever', (_, bytes) => {
    // Sound of these two has no end of its own.
    const least = bytes === SOUNDS.mp3 || bytes === SOUNDS.flac ? 43 : bytes.length - 1;
    for (let length = 0; length <= least; length += Math.ceil(bytes.length / 300)) {
      expect(() => readMedia(bytes.subarray(0, length)), `${length} of ${bytes.length}`).toThrow(/^(is|has) /);
    }
  });

  it.each(Object.entries(IMAGES))('is refused where a %s is a page or an archive, too', (_, bytes) => {
    for (const other of [HTML, ZIP]) {
      expect(() => readMedia(Buffer.concat([bytes, other]))).toThrow(/goes on after its end/);
      expect(() => readMedia(Buffer.concat([other, bytes]))).toThrow(/SVG, HTML or XML|no image or sound/);
    }
  });

  it('is refused for what can carry scripts, and for what is nothing of these', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    for (const text of [svg, `<?xml version="1.0"?>${svg}`, `\ufeff  ${svg}`, '<!DOCTYPE html>', '<!-- x --><svg/>']) {
      expect(() => readMedia(Buffer.from(text))).toThrow(/SVG, HTML or XML/);
    }
    for (const other of [Buffer.alloc(0), Buffer.from('%PDF-1.7'), Buffer.alloc(1_000, 0xff), ogg(1, '\u0080theora')]) {
      expect(() => readMedia(other)).toThrow(/^is no image|^is an Ogg/);
    }
  });

  it('is refused for bombs: many pixels, many pictures, none', () => {
    const told = (width: number, height: number, frames?: number) =>
      png(3, 2, 0, { told: [width, height], ...(frames !== undefined && { frames }) });
    expect(() => readMedia(told(50_000, 50_000))).toThrow(/50000 × 50000 pixels, more than the limit/);
    expect(() => readMedia(told(40_000, 10))).toThrow(/more than the limit/);
    expect(() => readMedia(told(1_000, 1_000, 2 ** 31))).toThrow(/in 2147483648 pictures, more than the limit/);
    expect(() => readMedia(told(0, 0))).toThrow('has 0 × 0 pixels');
    expect(() => readMedia(told(0, 7))).toThrow('has 0 × 7 pixels');
    expect(readMedia(told(8_000, LIMITS.mediaPixels / 8_000))).toMatchObject({ width: 8_000 });
    const wide = gif();
    // The picture lies far outside of the canvas that the head tells, and widens it.
    wide.writeUInt16LE(65_000, wide.indexOf(0x2c, 19) + 1);
    expect(() => readMedia(wide)).toThrow(/65001 × 1 pixels/);
  });

  it('takes no longer for what was made to take long', () => {
    const blocks = Buffer.concat([
      gif().subarray(0, 19),
      Buffer.from([0x21, 0xfe]),
      Buffer.alloc(LIMITS.mediaBytes, 1),
    ]);
    const pages = Buffer.alloc(LIMITS.mediaBytes);
    for (let at = 0; at + 282 < pages.length; at += 282) {
      pages.write('OggS', at);
      pages[at + 26] = 255;
    }
    const begin = performance.now();
    expect(() => readMedia(blocks)).toThrow();
    expect(() => readMedia(pages)).toThrow();
    expect(() => readMedia(Buffer.concat([JPEG, Buffer.alloc(LIMITS.mediaBytes - 1_000, 0)]))).not.toThrow();
    expect(performance.now() - begin).toBeLessThan(3_000);
  });
});
