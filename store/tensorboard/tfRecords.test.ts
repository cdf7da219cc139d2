import fc from 'fast-check';
import { expect, it } from 'vitest';
import { event, field, frame, version } from '../testing/eventBytes';
import { maskedCrc32c } from './crc32c';
import { readEvent } from './readEvent';
import { type TfRecord, tfRecords } from './tfRecords';

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

async function read(bytes: Buffer, size = 7, from = 0): Promise<TfRecord[]> {
  const records: TfRecord[] = [];
  for await (const record of tfRecords(inPieces(bytes.subarray(from), size), from)) {
    records.push({ ...record, ...(record.data && { data: Buffer.from(record.data) }) });
  }
  return records;
}

function head(length: bigint): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64LE(length, 0);
  bytes.writeUInt32LE(maskedCrc32c(bytes.subarray(0, 8)), 8);
  return bytes;
}

it('has the checksum of RFC 3720, masked', () => {
  const plain = 0x8a9136aa;
  expect(maskedCrc32c(Buffer.alloc(32))).toBe((((plain >>> 15) | (plain << 17)) + 0xa282ead8) >>> 0);
});

it('gives every record in whatever pieces it comes, and none that is not whole', async () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 50 }), fc.nat(20), async (datas, size, cut) => {
      const frames = datas.map((data) => frame(Buffer.from(data)));
      const whole = Buffer.concat(frames);
      const bytes = whole.subarray(0, Math.max(0, whole.length - cut));
      const ends = frames.map((_, i) => Buffer.concat(frames.slice(0, i + 1)).length);
      const expected = datas.filter((_, i) => (ends[i] ?? 0) <= bytes.length).map((data) => Buffer.from(data));
      expect((await read(bytes, size)).map(({ data }) => data)).toEqual(expected);
    }),
  );
});

it('ends with a fault at a wrong checksum, wherever a bit is turned', async () => {
  const frames = ['first', 'second', 'third'].map((text) => frame(Buffer.from(text)));
  const start = frames[0]?.length ?? 0;
  const length = frames[1]?.length ?? 0;
  for (let at = start; at < start + length; at++) {
    const bytes = Buffer.concat(frames);
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    const records = await read(bytes);
    expect(records).toHaveLength(2);
    expect(records[1]).toMatchObject({
      isLast: true,
      fault: expect.stringMatching(`^The record at byte ${start} is broken`),
    });
  }
});

it('waits for what is not written yet: a part, or the zeros that a shared disk shows instead', async () => {
  const first = frame(Buffer.from('first'));
  const second = frame(Buffer.from('second'));
  for (let zeros = 0; zeros <= second.length; zeros++) {
    const tail = Buffer.concat([second.subarray(0, second.length - zeros), Buffer.alloc(zeros)]);
    expect(await read(Buffer.concat([first, tail])), `${zeros}`).toHaveLength(zeros === 0 ? 2 : 1);
  }
});

it('takes no memory for a length that is only said', async () => {
  const before = process.memoryUsage().rss;
  expect(await read(Buffer.concat([head(127n * 1024n * 1024n), Buffer.from('x')]))).toEqual([]);
  expect(await read(Buffer.concat([head(2n ** 45n), Buffer.from('x')]))).toEqual([]);
  expect(await read(head(2n ** 64n - 1n))).toMatchObject([
    { isLast: true, fault: expect.stringContaining('says to be') },
  ]);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
});

it('passes over a record that is too long, and goes on after it', async () => {
  const length = 129 * 1024 * 1024;
  async function* source() {
    yield head(BigInt(length));
    for (let left = length + 4; left > 0; left -= 1024 * 1024) {
      yield Buffer.alloc(Math.min(left, 1024 * 1024));
    }
    yield frame(Buffer.from('next'));
  }
  const records: TfRecord[] = [];
  for await (const record of tfRecords(source(), 0)) {
    records.push(record);
  }
  expect(records).toMatchObject([{ fault: expect.stringContaining('is longer than 128 MB') }, { start: length + 16 }]);
});

it('reads an event, or says why it is none, whatever the bytes are', () => {
  expect(readEvent(version(), new Map())).toMatchObject({ fileVersion: 'brain.Event:2', values: [] });
  expect(readEvent(event(3, 'loss', 0.5), new Map())).toEqual({
    wallTime: 1_764_547_203,
    step: 3,
    values: [{ tag: 'loss', number: 0.5 }],
  });
  const real = event(2 ** 40, 'a tag', 1, field(5, field(1, Buffer.concat([field(1, 't'), field(8, '\b\x07B\x01x')]))));
  expect(readEvent(real, new Map()).values[1]).toEqual({ tag: 't', text: 'x' });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { maxLength: 5 }),
      fc.nat(real.length),
      (changes, cut) => {
        const bytes = Buffer.from(real.subarray(0, cut));
        for (const [at, byte] of changes) {
          bytes[at % Math.max(1, cut)] = byte;
        }
        try {
          readEvent(bytes, new Map());
        } catch (cause) {
          expect(String(cause)).toMatch(/^Error: It is no protobuf message: /);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
