import { webcrypto } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { LIMITS } from '@rolloscope/contract';
import type { MediaRef } from '@rolloscope/contract/types';
import { type Access, requireWrites } from '../Access';
import { hashOfRun, type RunOfFile } from '../disk/ownFolder';
import type { RunIndex } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import { MediaFault } from './MediaFault';
import type { MediaFiles, NewMedia } from './MediaFiles';
import { readMedia } from './readMedia';

/** The file that a reader gets, to be closed, and its reference. */
export interface OpenedMedia {
  ref: MediaRef;
  file: FileHandle;
}

/** Images and sounds of runs, for those who may write to them and read them. */
export class MediaLibrary {
  constructor(
    private readonly files: MediaFiles,
    private readonly runIndex: RunIndex,
  ) {}

  /** Keeps bytes for a run, and answers what a cell holds in their place. Throws `media_not_kept`, among others. */
  async put(id: string, bytes: Buffer, access: Access): Promise<MediaRef> {
    const entry = this.runIndex.seenBy(access).find(id);
    if (!entry) {
      throw new StoreError(
        'run_not_found',
        `There is no run ${JSON.stringify(id)}. Create it with PUT /runs/{id} first.`,
      );
    }
    requireWrites(access, entry.record.project);
    try {
      return await this.keep(entry.record, bytes);
    } catch (cause) {
      throw cause instanceof MediaFault ? new StoreError('media_not_kept', `The body ${cause.message}.`) : cause;
    }
  }

  /** The same for a run that is known to be written to. Throws a `MediaFault` for bytes that are not kept. */
  async keep(run: RunOfFile, bytes: Buffer): Promise<MediaRef> {
    const media = await describeMedia(bytes);
    await this.files.keep(run, [media]);
    return media.ref;
  }

  /** Finds the media of that hash that a run uses; undefined where it uses none. */
  find(run: RunOfFile, hash: string): MediaRef | undefined {
    return this.files.index.find(hashOfRun(run), hash);
  }

  /** Finds the media of a run by the first 20 characters of its hash: so W&B clients name files. */
  startingWith(run: RunOfFile, start: string): MediaRef | undefined {
    return this.files.index.startingWith(hashOfRun(run), start);
  }

  /** Throws `media_not_found`, also for what only runs use that the bearer may not read. */
  async open(hash: string, access: Access): Promise<OpenedMedia> {
    const { index } = this.files;
    const ref = index.get(hash);
    const isRead = index.runsOf(hash).some(({ id }) => {
      const project = this.runIndex.get(id)?.record.project;
      return project !== undefined && access.reads(project);
    });
    const file = ref && isRead ? await this.files.open(ref) : undefined;
    if (!ref || !file) {
      throw new StoreError('media_not_found', 'There is no such image or sound, or it belongs to runs of others.');
    }
    return { ref, file };
  }
}

/** Says what bytes are, and makes their reference. Throws a `MediaFault` for what is not kept. */
export async function describeMedia(bytes: Buffer): Promise<NewMedia> {
  if (bytes.length > LIMITS.mediaBytes) {
    throw new MediaFault(`has ${bytes.length} bytes, more than the limit of ${LIMITS.mediaBytes} (mediaBytes)`);
  }
  const { type, ...facts } = readMedia(bytes);
  // A thread of its own does this: 32 MB would keep everybody waiting.
  const hash = Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
  return { bytes, ref: { media: hash, type, bytes: bytes.length, ...facts } };
}
