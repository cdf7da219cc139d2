import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The first bytes of a file; none when it cannot be read, or is a link or a pipe by now. */
export function readHead(path: string, bytes: number): Buffer {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!fstatSync(file).isFile()) {
      return Buffer.alloc(0);
    }
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
