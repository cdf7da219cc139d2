import { crc32, deflateSync } from 'node:zlib';

/** Pixels of a picture, four bytes each: red, green, blue, opacity; the last is left aside. */
export interface Pixels {
  width: number;
  height: number;
  rgba: Uint8Array;
}

const MOST_COLORS = 256;

/** A PNG of at most 256 colours, which is a third of what a browser writes; exact where the picture has no more of them. */
export function palettePng({ width, height, rgba }: Pixels): Buffer {
  const counts = new Map<number, number>();
  for (let i = 0; i < rgba.length; i += 4) {
    const color = colorAt(rgba, i);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const { palette, indexOf } = reduce(counts);
  // A line begins with the number of its filter; 0 is none, the best one for a palette.
  const lines = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      lines[y * (width + 1) + 1 + x] = indexOf.get(colorAt(rgba, (y * width + x) * 4)) ?? 0;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits a pixel, which number a colour of the palette.
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flatMap(channels))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const colorAt = (rgba: Uint8Array, i: number) =>
  ((rgba[i] ?? 0) << 16) | ((rgba[i + 1] ?? 0) << 8) | (rgba[i + 2] ?? 0);
const channels = (color: number) => [(color >> 16) & 255, (color >> 8) & 255, color & 255];

interface Box {
  colors: number[];
  pixels: number;
  /** The channel in which its colours differ most, and by how much. */
  widest: number;
  spread: number;
}

/** Median cut: the box with the most pixels times spread is cut in two until there are enough; a box is its mean colour. */
function reduce(counts: ReadonlyMap<number, number>): { palette: number[]; indexOf: Map<number, number> } {
  const weight = (color: number) => counts.get(color) ?? 0;
  const boxes = [boxOf([...counts.keys()], weight)];
  while (boxes.length < MOST_COLORS) {
    const largest = boxes.reduce((a, b) => (cost(b) > cost(a) ? b : a));
    if (largest.spread === 0) {
      break;
    }
    const { colors, widest } = largest;
    colors.sort((a, b) => (channels(a)[widest] ?? 0) - (channels(b)[widest] ?? 0));
    const half = largest.pixels / 2;
    let seen = 0;
    const middle = colors.findIndex((color) => {
      seen += weight(color);
      return seen >= half;
    });
    const at = Math.min(Math.max(1, middle), colors.length - 1);
    boxes.splice(boxes.indexOf(largest), 1, boxOf(colors.slice(0, at), weight), boxOf(colors.slice(at), weight));
  }
  const indexOf = new Map(boxes.flatMap(({ colors }, i) => colors.map((color) => [color, i] as const)));
  return { palette: boxes.map((box) => meanOf(box, weight)), indexOf };
}

/** Areas are seen before edges are, but not so much that the edges of texts get no colours. */
const cost = ({ pixels, spread }: Box) => Math.sqrt(pixels) * spread;

function boxOf(colors: number[], weight: (color: number) => number): Box {
  const low = [255, 255, 255];
  const high = [0, 0, 0];
  let pixels = 0;
  for (const color of colors) {
    pixels += weight(color);
    channels(color).forEach((value, i) => {
      low[i] = Math.min(low[i] ?? 255, value);
      high[i] = Math.max(high[i] ?? 0, value);
    });
  }
  const spreads = high.map((value, i) => value - (low[i] ?? 0));
  const spread = Math.max(...spreads);
  return { colors, pixels, widest: spreads.indexOf(spread), spread };
}

function meanOf({ colors, pixels }: Box, weight: (color: number) => number): number {
  // What most of a box is, is what it becomes: backgrounds keep their colour to the last bit.
  const most = colors.reduce((a, b) => (weight(b) > weight(a) ? b : a));
  if (weight(most) * 2 > pixels) {
    return most;
  }
  const sums = [0, 0, 0];
  for (const color of colors) {
    channels(color).forEach((value, i) => {
      sums[i] = (sums[i] ?? 0) + value * weight(color);
    });
  }
  return sums.reduce((joined, sum) => (joined << 8) | Math.round(sum / pixels), 0);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
