import { LIMITS } from '@rolloscope/contract';
import type { MediaRef } from '@rolloscope/contract/types';
import type { RunOfFile } from '../disk/ownFolder';
import { StoreError } from '../StoreError';

/** A file as it is kept once, and the runs that use it, by what their files are named by. */
interface Kept {
  ref: MediaRef;
  runs: Set<string>;
}

/** The media that a run uses, and the bytes of all of them. */
interface Used {
  run: RunOfFile;
  hashes: Set<string>;
  bytes: number;
  /** Hashes by how they begin; made when it is first asked for. */
  byStart?: Map<string, string>;
}

/** Characters of a hash that a W&B client calls a file by. */
const START_CHARS = 20;
const startOf = (hash: string) => hash.slice(0, START_CHARS);

/** The limits of how much there may be; see `LIMITS`. */
export type MediaLimits = Pick<
  Record<keyof typeof LIMITS, number>,
  'mediaOfRun' | 'mediaOfAllRuns' | 'mediaBytesOfRun' | 'mediaBytesOfAllRuns'
>;

const beyond = (limit: keyof MediaLimits, who: string, what: string, most: number) =>
  new StoreError(
    'limit_exceeded',
    `${who} would have more than ${most} ${what} (${limit}); delete runs, or log fewer.`,
  );

/** The media that are kept, and which runs use each: all of it in memory, made from the files at the start. */
export class MediaIndex {
  private readonly byHash = new Map<string, Kept>();
  private readonly byRun = new Map<string, Used>();
  /** The bytes of all files, each counted once. */
  bytes = 0;

  constructor(private readonly limits: MediaLimits = LIMITS) {}

  get(hash: string): MediaRef | undefined {
    return this.byHash.get(hash)?.ref;
  }

  /** The runs that use it. */
  runsOf(hash: string): RunOfFile[] {
    return [...(this.byHash.get(hash)?.runs ?? [])].flatMap((key) => this.byRun.get(key)?.run ?? []);
  }

  has(runHash: string, hash: string): boolean {
    return this.byRun.get(runHash)?.hashes.has(hash) ?? false;
  }

  /** Finds the media of that hash that a run uses; undefined where it uses none. */
  find(runHash: string, hash: string): MediaRef | undefined {
    return this.has(runHash, hash) ? this.get(hash) : undefined;
  }

  /** Finds the media of a run by the first 20 characters of its hash; undefined where it uses none. */
  startingWith(runHash: string, start: string): MediaRef | undefined {
    const used = this.byRun.get(runHash);
    if (!used) {
      return undefined;
    }
    used.byStart ??= new Map([...used.hashes].map((hash) => [startOf(hash), hash]));
    const hash = used.byStart.get(start);
    return hash === undefined ? undefined : this.get(hash);
  }

  bytesOf(runHash: string): number {
    return this.byRun.get(runHash)?.bytes ?? 0;
  }

  runHashes(): string[] {
    return [...this.byRun.keys()];
  }

  /** Throws `limit_exceeded` where a run may not use so much more. */
  requireRoom(runHash: string, refs: readonly MediaRef[]): void {
    const { limits } = this;
    const own = refs.filter(({ media }) => !this.has(runHash, media));
    const fresh = own.filter(({ media }) => !this.byHash.has(media));
    const sum = (list: readonly MediaRef[]) => list.reduce((all, { bytes }) => all + bytes, 0);
    const used = this.byRun.get(runHash);
    if ((used?.hashes.size ?? 0) + own.length > limits.mediaOfRun) {
      throw beyond('mediaOfRun', 'The run', 'images and sounds', limits.mediaOfRun);
    }
    if ((used?.bytes ?? 0) + sum(own) > limits.mediaBytesOfRun) {
      throw beyond('mediaBytesOfRun', 'The run', 'bytes of images and sounds', limits.mediaBytesOfRun);
    }
    if (this.byHash.size + fresh.length > limits.mediaOfAllRuns) {
      throw beyond('mediaOfAllRuns', 'The store', 'images and sounds', limits.mediaOfAllRuns);
    }
    if (this.bytes + sum(fresh) > limits.mediaBytesOfAllRuns) {
      throw beyond('mediaBytesOfAllRuns', 'The store', 'bytes of images and sounds', limits.mediaBytesOfAllRuns);
    }
  }

  add(runHash: string, run: RunOfFile, ref: MediaRef): void {
    const kept = this.byHash.get(ref.media) ?? { ref, runs: new Set() };
    const used = this.byRun.get(runHash) ?? { run, hashes: new Set(), bytes: 0 };
    if (!this.byHash.has(ref.media)) {
      this.byHash.set(ref.media, kept);
      this.bytes += ref.bytes;
    }
    kept.runs.add(runHash);
    this.byRun.set(runHash, used);
    if (!used.hashes.has(ref.media)) {
      used.hashes.add(ref.media);
      used.byStart?.set(startOf(ref.media), ref.media);
      used.bytes += ref.bytes;
    }
  }

  /** A run is gone: the hashes that no other run uses come back, and are forgotten. */
  forgetRun(runHash: string): string[] {
    const left: string[] = [];
    for (const hash of this.byRun.get(runHash)?.hashes ?? []) {
      const kept = this.byHash.get(hash);
      kept?.runs.delete(runHash);
      if (kept && kept.runs.size === 0) {
        this.byHash.delete(hash);
        this.bytes -= kept.ref.bytes;
        left.push(hash);
      }
    }
    this.byRun.delete(runHash);
    return left;
  }
}
