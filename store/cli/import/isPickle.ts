import { readHead } from './readHead';

const NAME = /\.(pt|pth|pkl|pickle|p|ckpt|joblib|npy|npz)$/i;

/**
 * Says whether a file is a Python pickle, or an archive of them, by its name or its first bytes. Loading one runs the
 * code that is in it, so none is ever loaded.
 */
export function isPickle(path: string): boolean {
  if (NAME.test(path)) {
    return true;
  }
  const [first = 0, second = 0] = readHead(path, 2);
  return first === 0x80 && second >= 2 && second <= 5;
}
