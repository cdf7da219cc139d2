import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readLines } from './readLines';

const folder = mkdtempSync(join(tmpdir(), 'rolloscope-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function lines(text: string) {
  const file = join(folder, 'lines');
  writeFileSync(file, text);
  const read: [number, string, number][] = [];
  for await (const line of readLines(file)) {
    read.push([line.number, line.bytes.toString(), line.read]);
  }
  return read;
}

it('splits at line feeds and at nothing else', async () => {
  expect(await lines('a\u2028b\u0085c\r\n\né')).toEqual([
    [1, 'a\u2028b\u0085c\r', 10],
    [2, '', 11],
    [3, 'é', 13],
  ]);
  expect(await lines('x\n')).toEqual([[1, 'x', 2]]);
  expect(await lines('')).toEqual([]);
});

it('joins what lies across its chunks', async () => {
  const long = 'y'.repeat(3_000_000);
  expect((await lines(`${long}\nz\n`)).map(([number, text]) => [number, text.length])).toEqual([
    [1, 3_000_000],
    [2, 1],
  ]);
});
