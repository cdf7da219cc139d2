import { expect, it } from 'vitest';
import { csvRecords } from './csvRecords';
import { readJsonValues } from './readJsonValues';
import { readLines } from './readLines';
import { jsonRecords } from './readRecords';
import type { TextSource } from './textSource';

const START = { offset: 0, number: 0, line: 0 };

const sourceOf = (bytes: Buffer): TextSource => ({
  isPlain: true,
  end: bytes.length,
  fault: undefined,
  isCut: false,
  async *read(from) {
    for (let at = from; at < bytes.length; at += 64 * 1024) {
      yield bytes.subarray(at, at + 64 * 1024);
    }
  },
});

const csv = (bytes: Buffer) => csvRecords(sourceOf(bytes), START, true);
const lines = (bytes: Buffer) => jsonRecords(readLines(sourceOf(bytes).read(0)));
const values = (bytes: Buffer) => readJsonValues(sourceOf(bytes).read(0), { offset: 0, line: 0, isInList: false });

/** Texts by their size, of shapes on which readers have been known to take the square of it. */
const SHAPES: [string, (bytes: Buffer) => AsyncIterable<unknown>, (size: number) => string][] = [
  ['a cell of many lines', csv, (size) => `a,b\n1,"${'line\n'.repeat(size / 5)}"\n2,x\n`],
  ['a cell of doubled quotes', csv, (size) => `a,b\n1,"${'x""'.repeat(size / 3)}"\n2,x\n`],
  ['a cell of quotes that are text', csv, (size) => `a,b\n1,"${'x"y,'.repeat(size / 4)}"\n2,x\n`],
  ['a quote that never closes', csv, (size) => `a,b\n1,"x\n${'2,y\n'.repeat(size / 4)}`],
  ['quotes that never close', csv, (size) => `a,b\n${'1,"x\n2,"y" z\n'.repeat(size / 13)}1,"`],
  ['quotes in the middle of cells', csv, (size) => `a,b\n${'1,a 5" pipe\n'.repeat(size / 12)}`],
  ['backslashes', csv, (size) => `a,b\n1,"say \\"hi\\""\n2,"${'\\\\\\"'.repeat(size / 4)}"\n`],
  ['delimiters alone', csv, (size) => `a,b\n${','.repeat(size)}\n1,2\n`],
  ['short records', csv, (size) => `a,b\n${'1,2\n'.repeat(size / 4)}`],
  ['columns of one name', csv, (size) => `${'a,'.repeat(size / 2)}a\n`],
  ['a long line of JSON', lines, (size) => `{"a": "${'x\\n'.repeat(size / 3)}"}\n`],
  [
    'large integers and what is not finite',
    lines,
    (size) => `{"a": [${'12345678901234567890, NaN, '.repeat(size / 27)}0]}\n`,
  ],
  ['short lines of JSON', lines, (size) => '{"a": 1}\n'.repeat(size / 9)],
  ['a list of JSON', values, (size) => `[${'{"a": 1},\n'.repeat(size / 10)}{}]`],
  ['a list of one long item', values, (size) => `[{"a": "${'x\\n'.repeat(size / 3)}"}]`],
  ['a string that never ends', values, (size) => `[{"a": "${'x'.repeat(size)}`],
];

async function cpuOf(read: (bytes: Buffer) => AsyncIterable<unknown>, bytes: Buffer): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 3; time++) {
    const before = process.cpuUsage();
    for await (const _ of read(bytes)) {
      // Only the time counts.
    }
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least;
}

it.each(SHAPES)('reads %s in time that grows as it does', { timeout: 120_000 }, async (_, read, shape) => {
  // Many records take longer than a long one, which has to be longer than what is read at once.
  const isLong = shape(1_000).split('\n').length < 10 || shape === SHAPES[0]?.[2];
  const [size, times] = [isLong ? 300_000 : 40_000, 8];
  await cpuOf(read, Buffer.from(shape(size)));
  const small = await cpuOf(read, Buffer.from(shape(size)));
  const large = await cpuOf(read, Buffer.from(shape(size * times)));
  // A few milliseconds are what a clock can tell; the square would be 64 times as long.
  expect(large).toBeLessThan(times * 3 * (small + 3_000));
});
