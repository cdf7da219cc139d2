import { constants, deflateRawSync } from 'node:zlib';

/*
 * Parquet files by hand, so that they may lie: what a header says and what the bytes are need not agree. Thrift's compact
 * protocol, as far as Parquet's headers need it.
 */

type Field = readonly [id: number, value: Value];
type Value =
  | { i: number }
  | { long: bigint }
  | { text: string }
  | { list: readonly Value[] }
  | { struct: readonly Field[] };

const i = (value: number): Value => ({ i: value });
const long = (value: number | bigint): Value => ({ long: BigInt(value) });
const text = (value: string): Value => ({ text: value });
const list = (values: readonly Value[]): Value => ({ list: values });
const struct = (...fields: readonly Field[]): Value => ({ struct: fields });

const varint = (value: bigint): number[] =>
  value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];
const zigzag = (value: bigint) => varint(value < 0n ? -2n * value - 1n : 2n * value);

const typeOf = (value: Value) =>
  'i' in value ? 5 : 'long' in value ? 6 : 'text' in value ? 8 : 'list' in value ? 9 : 12;

function encode(value: Value): Buffer {
  if ('i' in value) {
    return Buffer.from(zigzag(BigInt(value.i)));
  }
  if ('long' in value) {
    return Buffer.from(zigzag(value.long));
  }
  if ('text' in value) {
    const bytes = Buffer.from(value.text);
    return Buffer.concat([Buffer.from(varint(BigInt(bytes.length))), bytes]);
  }
  if ('list' in value) {
    const type = typeOf(value.list[0] ?? i(0));
    const head = [0xf0 | type, ...varint(BigInt(value.list.length))];
    return Buffer.concat([Buffer.from(head), ...value.list.map(encode)]);
  }
  const fields = value.struct.map(([id, inner], at) => {
    const delta = id - (value.struct[at - 1]?.[0] ?? 0);
    return Buffer.concat([Buffer.from([(delta << 4) | typeOf(inner)]), encode(inner)]);
  });
  return Buffer.concat([...fields, Buffer.from([0])]);
}

export const CODECS = { none: 0, gzip: 2, zstd: 6 } as const;
const BYTE_ARRAY = 6;

export interface Page {
  /** Of a dictionary: its entries, in `body`. Else values, which are plain, or places in the dictionary. */
  kind: 'dictionary' | 'plain' | 'places';
  values: number;
  body: Buffer;
  /** What the header says of its size; the truth when left out. */
  says?: number;
}

export interface Lies {
  codec?: keyof typeof CODECS;
  /** Rows that the file says it has; else as many as the values of its last page. */
  rows?: number | bigint;
  /** Lists in each other around the value. */
  depth?: number;
}

/** One column `response` of texts. */
export function parquetFile(pages: readonly Page[], { codec = 'none', rows, depth = 0 }: Lies = {}): Buffer {
  const bodies = pages.map(({ kind, values, body, says = body.length }) => {
    const encoding = kind === 'places' ? 8 : 0;
    const header = struct(
      [1, i(kind === 'dictionary' ? 2 : 0)],
      [2, i(says)],
      [3, i(body.length)],
      kind === 'dictionary'
        ? [7, struct([1, i(values)], [2, i(0)])]
        : [5, struct([1, i(values)], [2, i(encoding)], [3, i(3)], [4, i(3)])],
    );
    return Buffer.concat([encode(header), body]);
  });
  const total = bodies.reduce((sum, { length }) => sum + length, 0);
  const count = BigInt(rows ?? pages.at(-1)?.values ?? 0);
  const levels = Array.from({ length: depth }, (_, n) => `level${n}`);
  const [dictionary] = pages[0]?.kind === 'dictionary' ? bodies : [];
  const column = struct(
    [1, i(BYTE_ARRAY)],
    [2, list([i(0), i(3), i(8)])],
    [3, list([...levels, 'response'].map(text))],
    [4, i(CODECS[codec])],
    [5, long(count)],
    [6, long(total)],
    [7, long(total)],
    [9, long(4 + (dictionary?.length ?? 0))],
    ...(dictionary ? [[11, long(4)] as const] : []),
  );
  const metadata = struct(
    [1, i(1)],
    [
      2,
      list([
        struct([4, text('schema')], [5, i(1)]),
        ...levels.map((name) => struct([3, i(2)], [4, text(name)], [5, i(1)])),
        struct([1, i(BYTE_ARRAY)], [3, i(0)], [4, text('response')], [6, i(0)]),
      ]),
    ],
    [3, long(count)],
    [4, list([struct([1, list([struct([2, long(4)], [3, column])])], [2, long(total)], [3, long(count)])])],
  );
  const footer = encode(metadata);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), ...bodies, footer, length, Buffer.from('PAR1')]);
}

/** Texts as a plain page has them. */
export function plainTexts(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((one) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(one));
      return [length, Buffer.from(one)];
    }),
  );
}

/** So many times the first entry of the dictionary, in a few bytes. */
export const samePlaces = (count: number): Buffer => Buffer.from([1, ...varint(BigInt(count) << 1n), 0]);

/** A zstd frame of so many blocks of 128 KB of one byte, each of which takes four bytes. */
export function zstdBomb(blocks: number): Buffer {
  const size = 128 * 1024;
  const block = (isLast: boolean) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUIntLE((size << 3) | (1 << 1) | (isLast ? 1 : 0), 0, 3);
    return bytes;
  };
  const all = Buffer.alloc(4 * (blocks - 1), block(false));
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]), all, block(true)]);
}

/** So many times 16 MB of one byte, in one stream that gzip's readers take, of 16 KB for each. */
export function deflateBomb(times: number): Buffer {
  const zeros = Buffer.alloc(16 * 1024 * 1024);
  const part = deflateRawSync(zeros, { finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat([...Array<Buffer>(times).fill(part), deflateRawSync(zeros)]);
}
