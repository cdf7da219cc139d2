import { allowTasks, type CompactRoom, compact } from './compact';
import type { Database } from './Database';
import { COMMIT_BYTES, HELD_PART, LAST_BYTES } from './DiskRoom';
import { HeldRows } from './HeldRows';
import type { Layout } from './Layout';
import { rollUp } from './rollUp';
import { type DiskRoomLeft, WriteRoom } from './WriteRoom';

/** Bytes that folding in takes beside the size of the log. */
const FOLD_BYTES_MORE = 16 * 2 ** 20;
/** Bytes of free blocks that are worth writing the whole file anew. */
const LEAST_RECLAIMED = 16 * 2 ** 20;
/** Milliseconds between two tries to fold in where that seems to want more room than there is. */
const RETRY_MS = 60_000;
/** Milliseconds that one go of compacting takes, about. */
const COMPACT_MS = 500;

/** Folds the log into the file, and gives disk back that deleted runs left; all of it between commits. */
export class Folding {
  readonly held = new HeldRows();
  readonly room: WriteRoom;
  /** Row groups may have been deleted in part since they were last written together. */
  private isLoose = true;
  private triedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: Database,
    private readonly layout: Layout,
    /** Runs were deleted since the log was last folded in, perhaps by an earlier process: folding it in makes room. */
    private frees: boolean,
  ) {
    this.room = new WriteRoom(database, () => database.inUse(() => this.foldIn()));
  }

  /** Runs were deleted. That may have taken all that was held, and makes room: what was tried before tells nothing of it. */
  noteDelete(): void {
    this.isLoose = true;
    this.frees = true;
    this.triedAt = Number.NEGATIVE_INFINITY;
  }

  /** True when there is more to be done that only makes reads faster. */
  async foldIn(): Promise<boolean> {
    const room = await this.room.look();
    const kept = this.frees ? 0 : Math.min(LAST_BYTES, room.held);
    const isTight = room.disk + room.held - kept + room.blocks < room.log + FOLD_BYTES_MORE;
    if (isTight && (room.log === 0 || performance.now() - this.triedAt < RETRY_MS)) {
      return false;
    }
    this.triedAt = isTight ? performance.now() : this.triedAt;
    // Row groups that were deleted in part are written together, all in one go, where there is room for all.
    const isCareful = room.disk + room.blocks < room.live + room.log + room.reserve;
    const { writer } = this.database;
    try {
      await this.database.room.makeWay(room.log + FOLD_BYTES_MORE - room.blocks, kept);
      await allowTasks(writer, isCareful ? 0 : undefined);
      // It only makes reads faster, and takes room.
      const isBehind = room.isEnough && (await rollUp(writer, this.layout));
      await this.database.promise();
      await this.database.checkpoint();
      this.held.clear();
      const isLoose = this.isLoose && isCareful;
      // It is not tried again for nothing, should it fail.
      this.isLoose = false;
      this.isLoose = isLoose && (await this.compact());
      this.frees = this.isLoose;
      return isBehind || this.isLoose;
    } catch (error) {
      await this.database.goOnAfter(error);
      throw this.database.told(error);
    }
  }

  /**
   * Writes row groups together, a few at a time. True while that makes room. What it takes from the disk comes back as free
   * blocks of the file, into which no log is written; so something is left, of what is held, too, if need be.
   */
  private async compact(): Promise<boolean> {
    const end = performance.now() + COMPACT_MS;
    const { writer, room: disk } = this.database;
    const all = ({ disk, held, blocks }: DiskRoomLeft) => disk + held + blocks;
    const before = await this.room.look();
    const kept = before.reserve * HELD_PART + 2 * COMMIT_BYTES;
    for (let now = before; ; now = await this.room.look()) {
      const last = this.frees ? 0 : Math.min(LAST_BYTES, now.held);
      const space: CompactRoom = {
        bytes: now.blocks + Math.max(0, now.disk + now.held - kept),
        atWorst: all(now) - COMMIT_BYTES - last,
        makeWay: () => disk.makeWay(Number.POSITIVE_INFINITY, last),
      };
      if (!(await compact(writer, space, () => this.database.checkpoint()))) {
        return false;
      }
      if (performance.now() > end) {
        return all(await this.room.look()) > all(before);
      }
    }
  }

  /** Gives back disk when most of the file is free blocks; call it between commits. True when it did. */
  async reclaim(): Promise<boolean> {
    const { disk, blocks, live, reserve } = await this.room.look();
    if (blocks < live || blocks < LEAST_RECLAIMED || disk < live + reserve) {
      return false;
    }
    try {
      await allowTasks(this.database.writer);
      await this.database.rewrite();
    } catch (error) {
      await this.database.goOnAfter(error);
      throw this.database.told(error);
    }
    return true;
  }
}
