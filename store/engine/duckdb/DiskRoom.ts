import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm, statfs, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSize } from './fileSize';

/** Bytes that a process of this user may write to the disk of a folder. */
export type ReadFree = (folder: string) => Promise<number>;

export const freeOnDisk: ReadFree = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/**
 * Bytes that are kept free beside the size of the log, so that the log can be folded in and runs can be deleted, which is
 * what makes room: a delete writes some of the rows anew that lay between those of the run, and these grow with the data.
 * Free blocks of the database's own file count. `live`: bytes of the file that are in use.
 */
export const reserveFor = (live: number): number => Math.min(MOST_RESERVE, Math.max(RESERVE_BYTES, live / 16));
export const RESERVE_BYTES = 64 * 2 ** 20;
const MOST_RESERVE = 2 ** 30;
/** This part of the reserve is held in a file while the disk is scarce: others may fill the disk to its last byte. */
export const HELD_PART = 3 / 4;
/** This part of what is held is let go of only for deletes and what follows them: whatever else was tried, they make room. */
export const LAST_BYTES = (RESERVE_BYTES * HELD_PART) / 2;
/** The least bytes that commits may take on the disk before the log is folded in. */
export const COMMIT_BYTES = 4 * 2 ** 20;
/** A disk is scarce below that; above twice of it nothing is held any more. */
const SCARCE_BYTES = 2 * MOST_RESERVE;
/** Bytes that are written at one go to be held. */
const GO_BYTES = RESERVE_BYTES;
const PIECE_BYTES = 2 ** 20;
export const RESERVE = 'reserve';

/** The room on the store's disk: what is free, and what of it the store holds back for itself. */
export class DiskRoom {
  private held = 0;
  private readonly file: string;

  constructor(
    private readonly folder: string,
    private readonly readFree: ReadFree = freeOnDisk,
  ) {
    this.file = join(folder, RESERVE);
  }

  /** Bytes that can be written now. */
  onDisk(): Promise<number> {
    return this.readFree(this.folder);
  }

  /** The bytes that the store has for itself and can let go of. */
  get heldBytes(): number {
    return this.held;
  }

  /** Looks what a process before held; it counts as room. */
  async look(): Promise<void> {
    this.held = await fileSize(this.file);
  }

  /** Holds room while the disk is scarce, if that leaves some for the log. To be called every second or so. */
  async keep({ reserve, log }: { reserve: number; log: number }): Promise<void> {
    const free = await this.onDisk();
    if (this.held > 0 && free > 2 * SCARCE_BYTES) {
      await this.release();
    } else if (free < SCARCE_BYTES) {
      const most = Math.min(reserve * HELD_PART, free + this.held - 2 * COMMIT_BYTES - log, this.held + GO_BYTES);
      await this.hold(Math.floor(most / PIECE_BYTES) * PIECE_BYTES);
    }
  }

  /** Holds as much, if it is more than now. */
  private async hold(bytes: number): Promise<void> {
    if (bytes < this.held + PIECE_BYTES) {
      return;
    }
    let file: FileHandle | undefined;
    try {
      file = await open(this.file, 'a', 0o600);
      for (let more = bytes - this.held; more > 0; more -= PIECE_BYTES) {
        // Zeros would take no room where a file system packs them.
        await file.writeFile(randomBytes(Math.min(PIECE_BYTES, more)));
      }
      await file.sync();
    } finally {
      await file?.close().catch(() => undefined);
      // Where others were faster, what was got is held: let go of, it would be theirs.
      await this.look();
    }
  }

  /** Lets go of what is held, but for `kept` bytes, if less than that can be written: for what makes room. */
  async makeWay(bytes: number, kept = 0): Promise<void> {
    if (this.held > kept && (await this.onDisk()) < bytes) {
      await this.release(kept);
    }
  }

  private async release(kept = 0): Promise<void> {
    await (kept > 0 ? truncate(this.file, kept) : rm(this.file, { force: true }));
    this.held = kept;
  }
}
