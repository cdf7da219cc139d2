import { readHead } from './readHead';

/** Kinds of files that are not read, and what to do, by their first bytes in hexadecimal, from a place on. */
const KINDS = [
  ['packed as bzip2: unpack it', '314159265359', 4],
  ['packed as xz: unpack it', 'fd377a585a00', 0],
  ['packed as lz4: unpack it', '04224d18', 0],
  ['packed as 7z: unpack it', '377abcaf271c', 0],
  ['packed as zip: unpack it', '504b0304', 0],
  ['an Arrow file: write parquet', '4152524f5731', 0],
  ['the log of a run by W&B’s client: `wandb sync` sends it', '3a572642', 0],
] as const;
const HEAD_BYTES = 16;

/** Says what bytes are that are not read as what their name says, such as `metrics.jsonl.bz2`. */
export function unreadAs(head: Buffer): string | undefined {
  const text = head.toString('hex', 0, HEAD_BYTES);
  return KINDS.find(([, magic, at]) => text.startsWith(magic, 2 * at))?.[0];
}

export const whyUnread = (path: string): string | undefined => unreadAs(readHead(path, HEAD_BYTES));
