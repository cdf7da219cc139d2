import { closeSync, constants, openSync, readSync } from 'node:fs';

/** The first bytes of a file; none when it cannot be read, or is a link by now. */
export function readHead(path: string, bytes: number): Buffer {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(file, head, 0, bytes, 0));
  } catch {
    return Buffer.alloc(0);
  } finally {
    if (file !== undefined) {
      closeSync(file);
    }
  }
}
