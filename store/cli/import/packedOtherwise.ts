import { readHead } from './readHead';

/** What is not unpacked, by its first bytes in hexadecimal, from a place on. */
const KINDS = [
  ['bzip2', '314159265359', 4],
  ['xz', 'fd377a585a00', 0],
  ['lz4', '04224d18', 0],
  ['7z', '377abcaf271c', 0],
  ['zip', '504b0304', 0],
  ['Arrow, of which parquet is read', '4152524f5731', 0],
] as const;
const HEAD_BYTES = 16;

/** How bytes are packed that are not read as what their name says, such as `metrics.jsonl.bz2`. */
export function packedAs(head: Buffer): string | undefined {
  const text = head.toString('hex', 0, HEAD_BYTES);
  return KINDS.find(([, magic, at]) => text.startsWith(magic, 2 * at))?.[0];
}

export const packedOtherwise = (path: string): string | undefined => packedAs(readHead(path, HEAD_BYTES));
