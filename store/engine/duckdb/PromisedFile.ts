import { createHash } from 'node:crypto';
import {
  close,
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { diskFullBy, isDiskFull } from '../../disk/diskFull';
import { damaged } from './damaged';

/** The beginning of a file: so many first bytes, and their hash. */
export interface Head {
  bytes: number;
  hash: string;
}

/** The state that the folder must have, since somebody was told so. */
export interface Promised {
  /** The position of the last commit that was answered; 0 for none. */
  position: number;
  /** Bytes of the log by then. What comes behind them was never answered. */
  log: number;
  logHead: Head;
  /** The head of the database's file; null while that is being changed, as by a checkpoint. */
  fileHead: Head | null;
  /** Bytes of that file then. It grows as it is written, and shrinks only when it is changed. */
  fileBytes: number;
}

export const NOTHING: Promised = { position: 0, log: 0, logHead: { bytes: 0, hash: '' }, fileHead: null, fileBytes: 0 };

const SLOT = 512;
/** Milliseconds after which what was written is brought to the disk, for a machine that loses power. */
const SYNC_MS = 1_000;

/**
 * The record, beside the database, of what was promised durable. A log that is damaged may look to DuckDB as one that
 * was cut off while it was written: it opens, and what was in the log is missing without a word. This file tells the
 * two apart.
 *
 * A commit that is durable is noted with one write of two alternating slots, not brought to the disk by itself: a process
 * that is killed loses nothing of it, and a machine that loses power the last second, after which the promise is an
 * earlier one, and true.
 */
export class PromisedFile {
  private next = 1;
  private timer: NodeJS.Timeout | undefined;
  private isSyncing = false;
  private isClosed = false;

  private constructor(
    private readonly file: number,
    private current: Promised,
  ) {}

  /** Reads it; undefined where there is none, as beside an earlier version's database. Throws `data_damaged`. */
  static async read(path: string): Promise<Promised | undefined> {
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') {
        return undefined;
      }
      throw cause;
    });
    if (!bytes) {
      return undefined;
    }
    const newest = newestOf(bytes);
    if (!newest) {
      const how = 'Remove it if the rest is in order: then nothing can be said about what was promised.';
      throw damaged(dirname(path), `${path}, which says what the store promised to keep, is damaged. ${how}`);
    }
    return { ...NOTHING, ...newest.promised };
  }

  /**
   * Begins the file anew, with what is promised by now; on a full disk the one that is there goes on, since it takes no
   * more room.
   */
  static create(path: string, promised: Promised): PromisedFile {
    const fresh = `${path}.new`;
    let file: number | undefined;
    try {
      file = openSync(fresh, 'w+', 0o600);
      writeFileSync(file, format(0, promised).padEnd(2 * SLOT, ' '), 'latin1');
      fsyncSync(file);
      renameSync(fresh, path);
    } catch (cause) {
      if (file !== undefined) {
        closeSync(file);
      }
      rmSync(fresh, { force: true });
      const goesOn = isDiskFull(cause) ? PromisedFile.goOn(path, promised) : undefined;
      if (!goesOn) {
        throw isDiskFull(cause) ? diskFullBy(cause, dirname(path)) : cause;
      }
      return goesOn;
    }
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
    return new PromisedFile(file, promised);
  }

  private static goOn(path: string, promised: Promised): PromisedFile | undefined {
    const newest = existsSync(path) ? newestOf(readFileSync(path)) : undefined;
    if (!newest) {
      return undefined;
    }
    const goesOn = new PromisedFile(openSync(path, 'r+'), promised);
    goesOn.next = newest.n + 1;
    return goesOn;
  }

  get promised(): Promised {
    return this.current;
  }

  /** Calls are made one after another. `isDurable`: a machine that loses power has it, too, once it resolves. */
  async keep(change: Partial<Promised>, isDurable = false): Promise<void> {
    this.current = { ...this.current, ...change };
    const n = this.next;
    // The slot is written in this turn, into the system's cache: a commit waits for it, and what is awaited comes back
    // in a later round.
    const written = writeSync(this.file, bytesOf(n, this.current), 0, SLOT, (n % 2) * SLOT);
    if (written < SLOT) {
      throw Object.assign(new Error('Only a part of the promise could be written.'), { code: 'ENOSPC' });
    }
    // Where it failed the same slot is written the next time: the other one is whole.
    this.next = n + 1;
    if (isDurable) {
      await promisify(fdatasync)(this.file);
    } else {
      this.timer ??= setTimeout(() => this.sync(), SYNC_MS).unref();
    }
  }

  private sync(): void {
    this.timer = undefined;
    this.isSyncing = true;
    fdatasync(this.file, () => {
      this.isSyncing = false;
      if (this.isClosed) {
        close(this.file);
      }
    });
  }

  close(): void {
    clearTimeout(this.timer);
    this.isClosed = true;
    if (!this.isSyncing) {
      fdatasyncSync(this.file);
      closeSync(this.file);
    }
  }
}

/** One slot: a hash of what follows it, the count of writes, and the promise. */
function format(n: number, promised: Promised): string {
  const text = JSON.stringify({ n, promised });
  return `${hashOf(text)} ${text}\n`.padEnd(SLOT, ' ');
}

const bytesOf = (n: number, promised: Promised) => Buffer.from(format(n, promised), 'latin1');

/** The slot that was written last, of those that are whole. */
function newestOf(bytes: Buffer): { n: number; promised: Promised } | undefined {
  const slots = [0, SLOT].flatMap((at) => parse(bytes.toString('latin1', at, at + SLOT)) ?? []);
  return slots.sort((a, b) => a.n - b.n).at(-1);
}

function parse(slot: string): { n: number; promised: Promised } | undefined {
  const [, hash, text = ''] = /^([0-9a-f]{32}) ([^\n]*)\n *$/.exec(slot) ?? [];
  return hash === hashOf(text) ? JSON.parse(text) : undefined;
}

export const hashOf = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex').slice(0, 32);
