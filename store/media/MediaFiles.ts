import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, readFile, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaRef } from '@rolloscope/contract/types';
import { diskFullBy, isDiskFull } from '../disk/diskFull';
import { filesIn, hashOfRun, type RunOfFile, requireInside, syncFolder } from '../disk/ownFolder';
import { StoreError } from '../StoreError';
import { MediaIndex, type MediaLimits } from './MediaIndex';
import { readUses, useLine } from './uses';

/** The folder of media in a data folder: `files/<hash>`, and in `runs/` which run uses which. */
export const MEDIA_FOLDER = 'media';
export const FILES = 'files';
export const RUNS = 'runs';

interface MediaFilesOptions {
  /** The data folder; nothing outside of it is touched. */
  data: string;
  /** All runs that are there now. */
  runs(): Iterable<RunOfFile>;
  /** Says whether a run is there now. */
  isThere(run: RunOfFile): boolean;
  /** Throws `disk_full` where so many bytes more must not be written. */
  requireRoom(bytes: number): Promise<void>;
  limits?: MediaLimits;
}

/** Bytes to be kept, and their reference, which says what they are. */
export interface NewMedia {
  bytes: Buffer;
  ref: MediaRef;
}

interface Job {
  run: RunOfFile;
  media: readonly NewMedia[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Files of media, each kept once by its hash for all runs that use it. What waits is written together, in order. */
export class MediaFiles {
  readonly index: MediaIndex;
  private readonly folder: string;
  private waiting: Job[] = [];
  private work: Promise<void> = Promise.resolve();
  private isWriting = false;
  /** Files that are to go when the copy that is being made is over; undefined while none is made. */
  private removed: Set<string> | undefined;

  private constructor(private readonly options: MediaFilesOptions) {
    this.folder = join(options.data, MEDIA_FOLDER);
    this.index = new MediaIndex(options.limits);
  }

  /** Reads which run uses what, and removes what is of no run any more or was cut off. */
  static async open(options: MediaFilesOptions): Promise<MediaFiles> {
    const files = new MediaFiles(options);
    await files.load();
    return files;
  }

  private pathOf(hash: string): string {
    return join(this.folder, FILES, hash);
  }

  private usesOf(runHash: string): string {
    return join(this.folder, RUNS, runHash);
  }

  private async load(): Promise<void> {
    await this.stayInside();
    const there = new Map((await filesIn(join(this.folder, FILES))).map(({ name, size }) => [name, size]));
    const runs = new Map([...this.options.runs()].map((run) => [hashOfRun(run), run]));
    let isKnown = true;
    for (const { name } of await filesIn(join(this.folder, RUNS))) {
      const run = runs.get(name);
      if (!run) {
        await rm(this.usesOf(name), { force: true });
        continue;
      }
      const text = await readFile(this.usesOf(name), 'utf8');
      const { refs, whole, isDamaged } = readUses(text);
      isKnown &&= !isDamaged;
      if (whole < text.length) {
        await truncate(this.usesOf(name), Buffer.byteLength(text.slice(0, whole)));
      }
      for (const ref of refs.filter(({ media, bytes }) => there.get(media) === bytes)) {
        this.index.add(name, run, ref);
      }
    }
    // What a line that cannot be read names is not thrown away for that.
    const left = [...there.keys()].filter((name) => name.endsWith('.part') || (isKnown && !this.index.get(name)));
    await this.removeAll(left.map((name) => this.pathOf(name)));
  }

  private stayInside(): Promise<void> {
    return requireInside(this.folder, this.options.data);
  }

  /**
   * Keeps media for a run; durable when it resolves. Throws `limit_exceeded`, `disk_full`, and `run_not_found` where the
   * run is not there any more.
   */
  keep(run: RunOfFile, media: readonly NewMedia[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ run, media, resolve, reject });
      if (!this.isWriting) {
        this.isWriting = true;
        this.work = this.alone(() => this.writeWaiting());
      }
    });
  }

  /** One thing at a time, in order. */
  private alone(work: () => Promise<void>): Promise<void> {
    const result = this.work.then(work);
    return result.catch(() => undefined);
  }

  private async writeWaiting(): Promise<void> {
    for (;;) {
      const jobs = this.waiting;
      this.waiting = [];
      if (jobs.length === 0) {
        this.isWriting = false;
        return;
      }
      for (const job of jobs) {
        await this.write(job).then(job.resolve, job.reject);
      }
    }
  }

  private async write({ run, media }: Job): Promise<void> {
    const runHash = hashOfRun(run);
    const each = new Map(media.map((one) => [one.ref.media, one]));
    const fresh = [...each.values()].filter(({ ref }) => !this.index.has(runHash, ref.media));
    const refs = fresh.map(({ ref }) => ref);
    if (!this.options.isThere(run)) {
      throw new StoreError('run_not_found', 'The run is not there any more.');
    }
    this.index.requireRoom(runHash, refs);
    if (fresh.length === 0) {
      return;
    }
    try {
      await this.writeFiles(fresh.filter(({ ref }) => !this.index.get(ref.media)));
      await this.append(this.usesOf(runHash), refs.map(useLine).join(''));
    } catch (cause) {
      throw isDiskFull(cause) ? diskFullBy(cause, this.options.data) : cause;
    }
    for (const ref of refs) {
      this.index.add(runHash, run, ref);
      this.removed?.delete(this.pathOf(ref.media));
    }
  }

  private async writeFiles(media: readonly NewMedia[]): Promise<void> {
    const folder = join(this.folder, FILES);
    await this.options.requireRoom(media.reduce((sum, { bytes }) => sum + bytes.length, 0));
    await this.stayInside();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (let from = 0; from < media.length; from += AT_ONCE) {
      const some = media.slice(from, from + AT_ONCE);
      // All of them are over when one fails.
      const results = await Promise.allSettled(some.map((one) => this.writeFile(one)));
      const failed = results.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') {
        throw failed.reason;
      }
    }
    await (media.length > 0 ? syncFolder(folder) : undefined);
  }

  private async writeFile({ bytes, ref }: NewMedia): Promise<void> {
    const part = join(this.folder, FILES, `${randomUUID()}.part`);
    try {
      await writeNew(part, bytes);
      await rename(part, this.pathOf(ref.media));
    } finally {
      await rm(part, { force: true });
    }
  }

  /** Half a line that a failure leaves behind is taken back, so that the next one does not go on in it. */
  private async append(path: string, text: string): Promise<void> {
    await mkdir(join(this.folder, RUNS), { recursive: true, mode: 0o700 });
    const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | NO_LINK, 0o600);
    try {
      const { size } = await handle.stat();
      try {
        await handle.writeFile(text);
        await handle.sync();
      } catch (cause) {
        await handle.truncate(size).catch(() => undefined);
        throw cause;
      }
      await (size === 0 ? syncFolder(join(this.folder, RUNS)) : undefined);
    } finally {
      await handle.close();
    }
  }

  /** The file of that hash, to be closed by the caller; undefined where it is not as it was kept. */
  async open(ref: MediaRef): Promise<FileHandle | undefined> {
    const handle = await open(this.pathOf(ref.media), constants.O_RDONLY | NO_LINK).catch(() => undefined);
    const stats = await handle?.stat();
    if (handle && stats?.isFile() && stats.size === ref.bytes) {
      return handle;
    }
    await handle?.close();
    return undefined;
  }

  /** Runs were deleted: what no other run uses goes. */
  sweep(): Promise<void> {
    this.work = this.work.then(async () => {
      const runs = new Set([...this.options.runs()].map(hashOfRun));
      for (const runHash of this.index.runHashes().filter((one) => !runs.has(one))) {
        const left = this.index.forgetRun(runHash);
        await this.removeAll([this.usesOf(runHash), ...left.map((hash) => this.pathOf(hash))]);
      }
    });
    const swept = this.work;
    this.work = swept.catch(() => undefined);
    return swept;
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.work;
  }

  private async removeAll(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await (this.removed ? this.removed.add(path) : rm(path, { force: true }));
    }
  }

  /**
   * `copy` copies the data, and calls what it is given when it has: then all media are copied that the data may name. So
   * none is removed meanwhile.
   */
  async copied(to: string, copy: (files: { bytes: number; copy(): Promise<void> }) => Promise<void>): Promise<void> {
    const removed = new Set<string>();
    this.removed = removed;
    try {
      await copy({ bytes: this.index.bytes, copy: () => this.copyAll(join(to, MEDIA_FOLDER)) });
    } finally {
      this.removed = undefined;
      await this.removeAll([...removed]);
    }
  }

  /** Copies which run uses what, and then the files: each that a use names is there by then. */
  private async copyAll(to: string): Promise<void> {
    for (const name of [RUNS, FILES]) {
      const files = (await filesIn(join(this.folder, name))).filter((file) => !file.name.endsWith('.part'));
      if (files.length > 0) {
        await mkdir(join(to, name), { recursive: true, mode: 0o700 });
      }
      for (const file of files) {
        await copyFile(join(this.folder, name, file.name), join(to, name, file.name), constants.COPYFILE_FICLONE);
        const handle = await open(join(to, name, file.name), 'r+');
        await handle.sync().finally(() => handle.close());
      }
      await (files.length > 0 ? syncFolder(join(to, name)) : undefined);
    }
  }
}

/** Files that are written beside each other. */
const AT_ONCE = 16;
const NO_LINK = constants.O_NOFOLLOW ?? 0;

async function writeNew(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
