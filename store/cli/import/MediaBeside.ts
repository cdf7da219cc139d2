import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { isObject } from '../../formats/readObject';
import { MediaFault } from '../../media/MediaFault';
import { readMedia } from '../../media/readMedia';
import type { ReadRecord } from './ReadRecord';
import type { SeenFile } from './scanFolder';

/** Bytes of the images and sounds of one record: it is sent in one call. */
const MOST_BYTES = 16 * 1024 * 1024;
const DEEPEST = 10;
const KIND = /^(input_)?(image|audio)(_url)?$/;
const FIELDS = [
  'image',
  'image_url',
  'input_image',
  'audio',
  'audio_url',
  'input_audio',
  'url',
  'path',
  'data',
] as const;
const NAME = /^(?!(?:https?|data):)[^\0]{1,1000}\.(?:png|jpe?g|gif|webp|bmp|wav|mp3|ogg|flac)$/i;

/** A block of a message that names a file, and the field that does so. */
interface Named {
  block: Record<string, unknown>;
  field: string;
  name: string;
}

/**
 * Images and sounds that messages name as files beside their own. Only what lies in the imported folder, by no link, and is
 * an image or a sound by its content is ever read and sent; all else stays the text that it is.
 */
export class MediaBeside {
  /** `root`: the imported folder, without links on the way to it. */
  constructor(private readonly root: string) {}

  /** The record with the data of such files in the place of their names. */
  async fill(record: ReadRecord, file: SeenFile): Promise<ReadRecord> {
    const named: Named[] = [];
    search(record.value, named, 0);
    let bytes = 0;
    for (const { block, field, name } of named) {
      const media = await this.read(name, file, MOST_BYTES - bytes);
      if (media) {
        bytes += media.bytes.length;
        block[field] = `data:${media.type};base64,${media.bytes.toString('base64')}`;
      }
    }
    return bytes === 0 ? record : { ...record, bytes: record.bytes + Math.ceil((bytes * 4) / 3) };
  }

  private async read(name: string, file: SeenFile, most: number) {
    const path = resolve(dirname(file.path), name.replace(/^file:\/\//, ''));
    if (!path.startsWith(this.root + sep)) {
      return undefined;
    }
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
      const opened = await handle.stat();
      // It is looked at once it is open, so that nobody puts a link on the way to it in between.
      const isIt = (await realpath(path)) === path && (await stat(path)).ino === opened.ino;
      if (!isIt || !opened.isFile() || opened.size > most) {
        return undefined;
      }
      const bytes = await handle.readFile();
      return { bytes, type: readMedia(bytes).type };
    } catch (cause) {
      if (cause instanceof MediaFault || typeof (cause as NodeJS.ErrnoException).code === 'string') {
        return undefined;
      }
      throw cause;
    } finally {
      await handle?.close();
    }
  }
}

/** Blocks that say that they are an image or a sound; lists of numbers are long, and have none. */
function search(value: unknown, named: Named[], depth: number): void {
  if (depth > DEEPEST || typeof value !== 'object' || value === null) {
    return;
  }
  if (Array.isArray(value)) {
    if (typeof value[0] === 'object') {
      for (const one of value) {
        search(one, named, depth + 1);
      }
    }
    return;
  }
  const block = value as Record<string, unknown>;
  if (typeof block.type === 'string' && KIND.test(block.type)) {
    for (const field of FIELDS) {
      const inner = block[field];
      take(block, field, named);
      for (const own of isObject(inner) ? FIELDS : []) {
        take(inner as Record<string, unknown>, own, named);
      }
    }
    return;
  }
  for (const key in block) {
    search(block[key], named, depth + 1);
  }
}

function take(block: Record<string, unknown>, field: string, named: Named[]): void {
  const name = block[field];
  if (typeof name === 'string' && NAME.test(name)) {
    named.push({ block, field, name });
  }
}
