import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { PAGES, root } from '../docs/pages';
import { PICTURES } from './pictures';
import { palettePng } from './png';

const folder = join(root, 'docs/img');
const MOST_BYTES = 150_000;

it('every picture of the docs is taken by the script, and every one that it takes is there', () => {
  const files = readdirSync(folder).sort();
  expect(PICTURES.map(({ name }) => `${name}.png`).sort()).toEqual(files);
});

it('every picture that a page shows is among them', () => {
  const names = new Set(PICTURES.map(({ name }) => name));
  const shown = PAGES.flatMap(({ text }) => [...text.matchAll(/img\/([\w-]+)\.png/g)].map((match) => match[1] ?? ''));
  expect(shown.length).toBeGreaterThan(20);
  expect(shown.filter((name) => !names.has(name))).toEqual([]);
});

it('the first picture of the README is of a real Grafana', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, first] = /docs\/img\/([\w-]+)\.png/.exec(readme) ?? [];
  expect(PICTURES.find(({ name }) => name === first)?.of).toBe('grafana');
});

it('they are small, of a palette, and no larger than their windows', () => {
  for (const { name, width } of PICTURES.filter((one) => existsSync(join(folder, `${one.name}.png`)))) {
    const file = join(folder, `${name}.png`);
    const head = readFileSync(file);
    expect([name, head[25]]).toEqual([name, 3]);
    expect(head.readUInt32BE(16), name).toBeLessThanOrEqual(width);
    expect(statSync(file).size, name).toBeLessThan(MOST_BYTES);
  }
});

/** The colours of a picture that `palettePng` made, pixel by pixel. */
function colorsOf(png: Buffer, width: number): number[] {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const palette = chunks.get('PLTE') ?? Buffer.alloc(0);
  const lines = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  return [...lines].filter((_, i) => i % (width + 1) > 0).map((index) => palette.readUIntBE(index * 3, 3));
}

const pixels = (colors: number[]) =>
  Uint8Array.from(colors.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255, 255]));

it('a palette is exact where there are few colours, and near where there are many', () => {
  const few = [0x11_12_17, 0xff_ff_ff, 0x11_12_17, 0x33_66_99, 0, 0xff_00_00];
  expect(colorsOf(palettePng({ width: 3, height: 2, rgba: pixels(few) }), 3)).toEqual(few);
  const many = Array.from({ length: 4_096 }, (_, i) => ((i >> 8) << 20) | (((i >> 4) & 15) << 12) | ((i & 15) << 4));
  const made = colorsOf(palettePng({ width: 64, height: 64, rgba: pixels(many) }), 64);
  expect(new Set(made).size).toBeLessThanOrEqual(256);
  const far = many.map((color, i) =>
    Math.max(...[16, 8, 0].map((shift) => Math.abs(((color >> shift) & 255) - (((made[i] ?? 0) >> shift) & 255)))),
  );
  expect(Math.max(...far)).toBeLessThan(64);
});
