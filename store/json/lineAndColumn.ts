import { Turn } from '../Turn';

/** Bytes that are looked at before others get their turn. */
const LOOK = 512 * 1024;
const NEWLINE = 0x0a;

/** The line and column of the byte at `end` in UTF-8, both from 1; columns count UTF-16 units. */
export async function lineAndColumn(bytes: Buffer, end: number): Promise<{ line: number; column: number }> {
  const turn = new Turn();
  let [line, column] = [1, 1];
  for (let i = 0; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === NEWLINE) {
      line++;
      column = 1;
    } else {
      // What goes on a character counts nothing, and one of four bytes is a surrogate pair.
      column += (byte & 0xc0) === 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
    }
    if (i % LOOK === 0 && turn.isOver) {
      await turn.next();
    }
  }
  return { line, column };
}
