import { isDiskTrouble } from './isDiskTrouble';
import type { Summary } from './Summary';
import type { SeenFile } from './scanFolder';

/** A document that cannot be read and was not written to for so long is broken, not half written. */
const WRITING_MS = 10_000;

/** Files that cannot be read, or no further. Each is told of once, as it is; the other files go on. */
export class BrokenFiles {
  /** Modification times at which files were said to be broken, by name. */
  private readonly told = new Map<string, number>();
  /** The same of those that may be half written, and since when they are so, by `performance.now()`. */
  private readonly unread = new Map<string, { modified: number; since: number }>();

  constructor(private readonly summary: Summary) {}

  has({ below, modified }: SeenFile): boolean {
    return this.told.get(below) === modified;
  }

  /** A file is broken. */
  add(file: SeenFile, reason: string): void {
    if (!this.has(file)) {
      this.told.set(file.below, file.modified);
      this.summary.refuse(file.below, reason);
    }
  }

  /** A file could not be opened; that counts once nobody writes it any more. */
  addUnopened(file: SeenFile, isFinal: boolean, cause: unknown): void {
    const isGone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isGone && (isFinal || this.isLeft(file))) {
      this.add(file, messageOf(cause));
    }
  }

  /** A file could be read so far and no further. Throws where it is the disk's fault, which may come back. */
  addUnread(file: SeenFile, isFinal: boolean, cause: unknown): void {
    if (!isFinal && isDiskTrouble(cause)) {
      throw cause;
    }
    this.addUnopened(file, true, cause);
  }

  /** Says whether a file that could not be read has stayed as it is for a while: by a clock that nobody sets. */
  private isLeft({ below, modified }: SeenFile): boolean {
    const now = performance.now();
    const { since, ...seen } = this.unread.get(below) ?? { modified, since: now };
    const from = seen.modified === modified ? since : now;
    this.unread.set(below, { modified, since: from });
    return now - from > WRITING_MS;
  }
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
