import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { diskFullBy, isDiskFull } from '../disk/diskFull';
import { filesIn, hashOfRun, hashOfText, type RunOfFile, requireInside, syncFolder } from '../disk/ownFolder';
import { StoreError } from '../StoreError';

/** Bytes of one table's file. W&B's own limit of 200,000 rows lies beyond; a table so large is better logged in parts. */
export const TABLE_BYTES = 128 * 1024 * 1024;
/**
 * A file whose history line never came is forgotten after a day: one of the store's own, since its time, and the machine's
 * clock, may be anything. A store that is started anew begins to count anew.
 */
const FORGET_MS = 25 * 60 * 60_000;
/** Bytes that are written between two looks at what is free on the disk. */
const LOOK_BYTES = 1024 * 1024;

interface TableFilesOptions {
  /** The data folder; nothing outside of it is touched. */
  data: string;
  /** All runs that are there now. */
  runs(): Iterable<RunOfFile>;
  /** Throws `disk_full` where so many bytes more must not be written. */
  requireRoom(bytes: number): Promise<void>;
}

/** Files of tables between their arrival and the history line that says what they are; on disk, so that nothing is lost. */
export class TableFiles {
  /** Files that are to go when a copy is over that is being made. */
  private waiting: Set<string> | undefined;
  /** Times since which files are known to wait, by name, in milliseconds of the steady clock. */
  private readonly since = new Map<string, number>();

  private constructor(
    private readonly folder: string,
    private readonly options: TableFilesOptions,
  ) {}

  /** Removes what is of no run any more, or was cut off. */
  static async open(folder: string, options: TableFilesOptions): Promise<TableFiles> {
    const files = new TableFiles(folder, options);
    for (const { name } of await files.list()) {
      if (name.endsWith('.part')) {
        await rm(join(folder, name));
      }
    }
    await files.sweep();
    return files;
  }

  /** Removes what has waited for too long. To be called every hour or so; `now` is of the steady clock. */
  async forgetOld(now: number): Promise<void> {
    const names = new Set((await this.list()).map(({ name }) => name).filter((name) => !name.endsWith('.part')));
    for (const name of this.since.keys()) {
      if (!names.has(name)) {
        this.since.delete(name);
      }
    }
    for (const name of names) {
      const since = this.since.get(name) ?? now;
      this.since.set(name, since);
      if (now - since > FORGET_MS) {
        await this.removeAll([join(this.folder, name)]);
      }
    }
  }

  private file(run: RunOfFile, path: string): string {
    return join(this.folder, `${hashOfRun(run)}-${hashOfText(path)}`);
  }

  /** Throws `unavailable` where the folder is a link to elsewhere. */
  private async list(): Promise<Array<{ name: string; size: number }>> {
    await this.stayInside();
    return filesIn(this.folder);
  }

  private stayInside(): Promise<void> {
    return requireInside(this.folder, this.options.data);
  }

  /**
   * Keeps what comes; durable when it resolves. False, and nothing kept, when there are more than `most` bytes. Whatever
   * happens it is read to its end, since an answer before that would be lost. Throws `disk_full`.
   */
  async receive(
    run: RunOfFile,
    path: string,
    chunks: AsyncIterable<unknown>,
    most: number = TABLE_BYTES,
  ): Promise<boolean> {
    const part = join(this.folder, `${randomUUID()}.part`);
    try {
      const isKept = await this.write(part, chunks, most);
      if (isKept) {
        await rename(part, this.file(run, path));
        this.since.delete(basename(this.file(run, path)));
        await syncFolder(this.folder);
      }
      return isKept;
    } catch (cause) {
      await drop(chunks);
      throw isDiskFull(cause) ? diskFullBy(cause, dirname(this.folder)) : cause;
    } finally {
      await rm(part, { force: true });
    }
  }

  private async write(part: string, chunks: AsyncIterable<unknown>, most: number): Promise<boolean> {
    await this.options.requireRoom(LOOK_BYTES);
    await this.stayInside();
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const handle = await open(part, 'wx', 0o600);
    let size = 0;
    let failure: unknown;
    try {
      for await (const chunk of chunks) {
        const before = size;
        size += (chunk as Buffer).length;
        if (size <= most && failure === undefined) {
          failure = await this.append(handle, chunk as Buffer, before).catch((cause: unknown) => cause);
        }
      }
      if (failure !== undefined) {
        throw failure;
      }
      await (size <= most ? handle.sync() : undefined);
    } finally {
      await handle.close();
    }
    return size <= most;
  }

  private async append(handle: FileHandle, chunk: Buffer, at: number): Promise<undefined> {
    if (Math.floor(at / LOOK_BYTES) !== Math.floor((at + chunk.length) / LOOK_BYTES)) {
      await this.options.requireRoom(Math.max(LOOK_BYTES, chunk.length));
    }
    await handle.writeFile(chunk);
    return undefined;
  }

  /** Reads a file; returns undefined where it has not come. */
  async read(run: RunOfFile, path: string): Promise<Buffer | undefined> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(this.file(run, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
      return await handle.readFile();
    } catch (cause) {
      if (['ENOENT', 'ELOOP'].includes((cause as NodeJS.ErrnoException).code ?? '')) {
        return undefined;
      }
      throw cause;
    } finally {
      await handle?.close();
    }
  }

  async remove(run: RunOfFile, path: string): Promise<void> {
    await this.removeAll([this.file(run, path)]);
  }

  private async removeAll(files: readonly string[]): Promise<void> {
    for (const file of files) {
      await (this.waiting ? this.waiting.add(file) : rm(file, { force: true }));
    }
  }

  /** Removes files whose run is not there any more. */
  async sweep(): Promise<void> {
    const names = (await this.list()).map(({ name }) => name).filter((name) => !name.endsWith('.part'));
    if (names.length > 0) {
      // It is asked for afterwards: a run whose file is in the list was there before.
      const runs = new Set([...this.options.runs()].map(hashOfRun));
      const left = names.filter((name) => !runs.has(name.split('-')[0] ?? ''));
      await this.removeAll(left.map((name) => join(this.folder, name)));
    }
  }

  /**
   * `copy` copies the data, and calls what it is given when it has: then every file is copied that the data may know as
   * one to come. So none is removed meanwhile.
   */
  async copied(to: string, copy: (files: { bytes: number; copy(): Promise<void> }) => Promise<void>): Promise<void> {
    if (this.waiting) {
      throw new StoreError('too_busy', 'Another backup is under way; wait for its end.');
    }
    const waiting = new Set<string>();
    this.waiting = waiting;
    try {
      const bytes = (await this.list()).reduce((sum, { size }) => sum + size, 0);
      await copy({ bytes, copy: () => this.copyAll(to) });
    } finally {
      this.waiting = undefined;
      await this.removeAll([...waiting]);
    }
  }

  private async copyAll(to: string): Promise<void> {
    const files = (await this.list()).filter(({ name }) => !name.endsWith('.part'));
    if (files.length === 0) {
      return;
    }
    await mkdir(to, { recursive: true, mode: 0o700 });
    try {
      for (const { name } of files) {
        await copyFile(join(this.folder, name), join(to, name));
        const handle = await open(join(to, name), 'r+');
        await handle.sync().finally(() => handle.close());
      }
      await syncFolder(to);
    } catch (cause) {
      await rm(to, { recursive: true, force: true });
      throw cause;
    }
  }
}

async function drop(chunks: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const _ of chunks) {
      // Nothing of it is kept.
    }
  } catch {
    // Whoever sent it is gone.
  }
}
