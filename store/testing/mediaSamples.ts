import { crc32, deflateSync } from 'node:zlib';

function chunk(kind: string, data: Buffer): Buffer {
  const [head, tail] = [Buffer.alloc(4), Buffer.alloc(4)];
  head.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

export interface PngOptions {
  /** The size that the head says, in pixels, where that is not so. */
  told?: [width: number, height: number];
  /** Pictures that it says to have, and has not. */
  frames?: number;
}

/** A PNG of one colour: no two of different numbers are equal. */
export function png(width: number, height: number, colour = 0, { told, frames }: PngOptions = {}): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(told?.[0] ?? width, 0);
  head.writeUInt32BE(told?.[1] ?? height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.alloc(1 + 3 * width);
  for (let x = 0; x < width; x++) {
    line.writeUIntBE((colour * 2_654_435) & 0xffffff, 1 + 3 * x, 3);
  }
  const counts = Buffer.alloc(8);
  counts.writeUInt32BE(frames ?? 0);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    ...(frames === undefined ? [] : [chunk('acTL', counts)]),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => line)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** 3 × 2 pixels, by Chromium. */
export const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8yb' +
    'qmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAC' +
    'AAMDASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAVAQEBAAAAAAAAAAAAAAAAAAABBf/EAB' +
    'QRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AAAT3//Z',
  'base64',
);
export const WEBP = Buffer.from('UklGRiwAAABXRUJQVlA4ICAAAABwAQCdASoDAAIABABoJaACdAGgAACOID7o/e38cs0AAA==', 'base64');

/** Makes a GIF of so many pictures of a pixel each, one after the other. */
export function gif(pictures = 1): Buffer {
  const picture = Buffer.from('21f90404000000002c000000000100010000020144003b', 'hex').subarray(0, -1);
  return Buffer.concat([
    Buffer.from('474946383961010001008000000000ffffff', 'hex'),
    Buffer.from('ff', 'hex').subarray(0, 1),
    ...Array.from({ length: pictures }, () => picture),
    Buffer.from([0x3b]),
  ]);
}

export function bmp(width: number, height: number): Buffer {
  const stride = 4 * Math.ceil((width * 3) / 4);
  const bytes = Buffer.alloc(54 + stride * height, 0x80);
  bytes.fill(0, 0, 54);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

/** A tone, 8,000 samples a second of a byte each. */
export function wav(seconds: number): Buffer {
  const samples = Math.round(seconds * 8_000);
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(36 + samples, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.from(Array.from({ length: samples }, (_, i) => 128 + 60 * Math.sin(i / 3)))]);
}

/** Frames of silence: 128 kilobits, 44,100 samples a second. */
export const mp3 = (frames: number): Buffer =>
  Buffer.concat(
    Array.from({ length: frames }, () => Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413)])),
  );

/** Pages whose first packet is the head of Opus, or of something else. */
export function ogg(seconds: number, head = 'OpusHead'): Buffer {
  const page = (place: number, body: Buffer, flags: number) => {
    const bytes = Buffer.alloc(28);
    bytes.write('OggS');
    bytes.writeBigInt64LE(BigInt(place), 6);
    bytes[5] = flags;
    bytes[26] = 1;
    bytes[27] = body.length;
    return Buffer.concat([bytes, body]);
  };
  return Buffer.concat([
    page(0, Buffer.from(`${head}\u0001\u0001`.padEnd(19)), 2),
    page(48_000 * seconds, Buffer.alloc(50), 4),
  ]);
}

/** A head that says how long it is, and the sign of one frame. */
export function flac(seconds: number): Buffer {
  const head = Buffer.alloc(42);
  head.write('fLaC');
  head[4] = 0x80;
  head.writeUIntBE(34, 5, 3);
  head.writeUIntBE((44_100 << 4) | 0, 18, 3);
  head.writeUInt32BE(44_100 * seconds, 22);
  return Buffer.concat([head, Buffer.from('fff8c9180000', 'hex')]);
}

/** An address that holds its data itself. */
export const dataUrl = (type: string, bytes: Buffer): string => `data:${type};base64,${bytes.toString('base64')}`;
