import { diskFull } from '../../disk/diskFull';
import type { Database } from './Database';
import { COMMIT_BYTES, reserveFor } from './DiskRoom';

/** Bytes of a log that are worth folding in before a commit is refused for want of room. */
const FOLD_BYTES = 2 ** 20;
/** So much more than is needed is not gone within these milliseconds: commits in that time look at the disk once. */
const PLENTY_BYTES = 4 * 2 ** 30;
const PLENTY_MS = 250;

/** Bytes that the store may write. */
export interface DiskRoomLeft {
  /** Bytes that are free on the disk now. */
  disk: number;
  /** Bytes that the store can let go of for what makes room. */
  held: number;
  /** Bytes of its file that are free to be written again. */
  blocks: number;
  /** Bytes of the file that are in use. */
  live: number;
  log: number;
  /** Bytes to be kept free, beside the size of the log. */
  reserve: number;
  /** Below that nothing is written to the disk. */
  needed: number;
  isEnough: boolean;
}

/** The room that commits may take from the disk, beside what has to be left on it. */
export class WriteRoom {
  /** The last commit was refused for want of room. */
  private isFull = false;
  /** The moment when there was last plenty of room, in milliseconds of `performance.now()`. */
  private plentyAt = Number.NEGATIVE_INFINITY;

  /** `foldIn` may make room. */
  constructor(
    private readonly database: Database,
    private readonly foldIn: () => Promise<unknown>,
  ) {}

  /** New rows are written into the file's free blocks when the log is folded in; until then they are in the log. */
  async look(): Promise<DiskRoomLeft> {
    const { room } = this.database;
    const [disk, { log }, file] = [await room.onDisk(), await this.database.size(), await this.database.blocks()];
    const { total = 0, free = 0, bytes = 0 } = file ?? {};
    const [held, blocks, live] = [room.heldBytes, free * bytes, (total - free) * bytes];
    const reserve = reserveFor(live);
    const needed = Math.max(COMMIT_BYTES, reserve + Math.max(COMMIT_BYTES, log) - held - blocks);
    return { disk, held, blocks, live, log, reserve, needed, isEnough: disk >= needed };
  }

  /** Throws `disk_full` where nothing may be written. */
  async refuseFull(): Promise<void> {
    const now = performance.now();
    if (now - this.plentyAt < PLENTY_MS) {
      return;
    }
    let room = await this.look();
    this.plentyAt = room.disk > room.needed + PLENTY_BYTES ? now : Number.NEGATIVE_INFINITY;
    if (!room.isEnough && room.log > FOLD_BYTES) {
      await this.foldIn().catch(() => undefined);
      room = await this.look();
    }
    this.isFull = !room.isEnough;
    if (this.isFull) {
      throw diskFull(room.disk, room.needed);
    }
  }

  /** Throws `disk_full` where so many bytes more would leave too little. */
  async require(bytes: number): Promise<void> {
    // A file takes what a commit takes, of the same disk: where one is taken, so is the other.
    const room = await this.look();
    const needed = room.needed + bytes;
    if (room.disk < needed) {
      throw diskFull(room.disk, needed);
    }
  }

  /** Holds room back on a disk that is nearly full. */
  async keep(): Promise<void> {
    await this.database.room.keep(await this.look());
  }

  /** Returns what is wrong with the storage; undefined when all is well. */
  async trouble(): Promise<Error | undefined> {
    try {
      const { isEnough, disk, needed } = await this.look();
      this.isFull &&= !isEnough;
      const full = this.isFull ? diskFull(disk, needed) : undefined;
      return this.database.trouble ?? full ?? this.database.damage;
    } catch (error) {
      // The file is being closed, or was just now; whoever asks how it is gets to know that, too.
      return this.database.trouble ?? (error instanceof Error ? error : new Error(String(error)));
    }
  }
}
