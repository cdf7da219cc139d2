import { createHash } from 'node:crypto';
import { Turn } from '../Turn';

/** Bytes that are hashed at one go. */
const PIECE = 2 ** 20;

/** SHA-256 of bytes that came, and of a name before them, if one is given; many bytes are hashed in turns. */
export async function digestOf(bytes: Uint8Array, name?: string): Promise<string> {
  const hash = createHash('sha256');
  if (name !== undefined) {
    hash.update(`${name}\n`);
  }
  const turn = new Turn();
  for (let at = 0; at < bytes.length; at += PIECE) {
    hash.update(bytes.subarray(at, at + PIECE));
    if (turn.isOver) {
      await turn.next();
    }
  }
  return hash.digest('hex');
}
