import { expect, it } from 'vitest';
import { readLines } from './readLines';

async function lines(chunks: string[], from = 0) {
  const read: [string, number, boolean][] = [];
  async function* source() {
    for (const chunk of chunks) {
      yield Buffer.from(chunk);
    }
  }
  for await (const { bytes, end, isComplete } of readLines(source(), from)) {
    read.push([bytes.toString(), end, isComplete]);
  }
  return read;
}

it('splits at line feeds and at nothing else', async () => {
  expect(await lines(['a\u2028b\u0085c\r\n\né'])).toEqual([
    ['a\u2028b\u0085c\r', 10, true],
    ['', 11, true],
    ['é', 13, false],
  ]);
  expect(await lines(['x\n'], 5)).toEqual([['x', 7, true]]);
  expect(await lines([''])).toEqual([]);
});

it('joins what lies across its chunks, byte by byte', async () => {
  const text = 'ab\n\ncde\nf';
  expect(await lines([...text])).toEqual(await lines([text]));
});
