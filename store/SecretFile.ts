import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from './http/Log';

const BYTES = 32;
/** Different bytes that a random secret has at the least; the zeros that a disk has after it lost power have one. */
const LEAST_DIFFERENT = 8;
const OWNER_ONLY = 0o600;

/**
 * A secret that the store made for itself and keeps in a file: 32 random bytes, written whole or not at all, for the
 * owner alone. What stands there and is no such secret (empty, cut, zeros, a link) is replaced, so that what was signed
 * with it counts no more.
 */
export class SecretFile {
  #secret: Buffer | undefined;

  constructor(
    private readonly path: string,
    private readonly log: Log,
  ) {}

  /** Looks at what is there, so that a bad secret is known from the start. One that is missing is made when it is wanted. */
  check(): void {
    try {
      this.#secret = this.#read() ?? (lstatSync(this.path, { throwIfNoEntry: false }) && this.#write());
    } catch (cause) {
      this.log({ event: 'secret_missing', file: this.path, message: `It cannot be written now: ${String(cause)}` });
    }
  }

  /** The secret; the same after every restart. Throws when there is none and none can be written: the disk is full. */
  get(): Buffer {
    this.#secret ??= this.#read() ?? this.#write();
    return this.#secret;
  }

  /** Reads the secret; undefined where there is none that can be trusted. */
  #read(): Buffer | undefined {
    let file: number;
    try {
      file = openSync(this.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#tellReplaced(String((cause as NodeJS.ErrnoException).code));
      }
      return undefined;
    }
    try {
      const bytes = Buffer.alloc(BYTES + 1);
      const length = fstatSync(file).isFile() ? readSync(file, bytes, 0, bytes.length, 0) : 0;
      const secret = bytes.subarray(0, BYTES);
      if (length !== BYTES || new Set(secret).size < LEAST_DIFFERENT) {
        this.#tellReplaced(`${length > BYTES ? 'more than 32' : length} bytes, which are no secret`);
        return undefined;
      }
      return Buffer.from(secret);
    } finally {
      closeSync(file);
    }
  }

  #write(): Buffer {
    const folder = dirname(this.path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const secret = randomBytes(BYTES);
    const fresh = `${this.path}.new`;
    rmSync(fresh, { force: true });
    try {
      const file = openSync(fresh, 'wx', OWNER_ONLY);
      try {
        writeFileSync(file, secret);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(fresh, this.path);
    } catch (cause) {
      rmSync(fresh, { force: true });
      throw cause;
    }
    syncFolder(folder);
    return secret;
  }

  #tellReplaced(found: string): void {
    const message = `It held ${found}. It is replaced: what was signed with it counts no more.`;
    this.log({ event: 'secret_replaced', file: this.path, message });
  }
}

/** A rename is durable once its folder is. Windows opens no folders, and needs it not. */
function syncFolder(folder: string): void {
  if (process.platform !== 'win32') {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}
