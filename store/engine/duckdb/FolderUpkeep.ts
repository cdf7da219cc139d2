import { unlessFull } from '../../disk/diskFull';
import type { Commits, Kept, StorageSize } from '../Engine';

/**
 * The log is folded in when it has grown so far and nobody writes. Where there is no pause for some ticks, or beyond the
 * second size, writers wait: for a tenth of a second, or for half a second.
 */
const IDLE_LOG_BYTES = 16 * 1024 * 1024;
const BUSY_TICKS = 5;
const MAX_LOG_BYTES = 64 * 1024 * 1024;
/** Memory that tables with many columns take until then, of the 512 MB that the database has. */
const IDLE_HELD_BYTES = 192 * 1024 * 1024;

/** A folder, and what it can have done with it. */
export interface UpkeptFolder {
  /** False after the file had to be closed and could not be opened again. */
  readonly isOpen: boolean;
  /** Bytes of memory that rows take, about, until the log is folded in. */
  readonly heldBytes: number;
  /** Position of the last commit that deleted a run since the start; 0 for none. */
  readonly deletedAt: number;
  size(): Promise<StorageSize>;
  /** Holds room back on a disk that is nearly full. */
  keepRoom(): Promise<void>;
  /** Opens the file again, between commits; throws why it cannot be opened. */
  openAgain(): Promise<void>;
  /** Folds the log in, between commits. True when there is more to be done that only makes reads faster. */
  checkpoint(): Promise<boolean>;
  /** Gives disk back that deleted runs left, between commits. */
  reclaim(): Promise<boolean>;
}

/** Keeps a folder well while a store runs: room on its disk, a short log, and no disk for what was deleted. */
export class FolderUpkeep {
  /** Ticks in a row at which the log was large enough and somebody wrote. */
  private busyTicks = 0;
  /** There was more to do after the last checkpoint; there may be once after the start. */
  private isBehind = true;
  private deletedAt = 0;

  constructor(private readonly folder: UpkeptFolder) {}

  /** One round, a second or so after the one before. */
  async tick(commits: Commits): Promise<Kept> {
    const { folder } = this;
    await unlessFull(folder.keepRoom());
    if (!folder.isOpen) {
      // What is in the way is told as trouble.
      await commits.between(() => folder.openAgain()).catch(() => undefined);
    }
    if (!folder.isOpen) {
      return { isOpen: false, isFolded: false };
    }
    const { log, trouble } = await folder.size();
    const isLarge = log > IDLE_LOG_BYTES || folder.heldBytes > IDLE_HELD_BYTES;
    this.busyTicks = isLarge && !commits.isIdle ? this.busyTicks + 1 : 0;
    const isTime = commits.isIdle || this.busyTicks >= BUSY_TICKS;
    // On a full disk nobody waits for a pause: what is to be done may make room.
    const isPause = commits.isIdle || trouble !== undefined;
    const isDue = (isLarge && isTime) || log > MAX_LOG_BYTES || (this.isBehind && isPause);
    if (isDue) {
      this.busyTicks = 0;
      await commits.between(() => this.fold());
    }
    const { deletedAt } = folder;
    if (deletedAt !== this.deletedAt && isPause) {
      this.deletedAt = deletedAt;
      await commits.between(async () => {
        await this.fold();
        await folder.reclaim();
      });
    }
    return { isOpen: true, isFolded: isDue };
  }

  private async fold(): Promise<void> {
    this.isBehind = await this.folder.checkpoint();
  }
}
