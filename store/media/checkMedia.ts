import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesIn } from '../disk/ownFolder';
import { FILES, MEDIA_FOLDER, RUNS } from './MediaFiles';
import { readUses } from './uses';

interface CheckedMedia {
  /** Files that runs use. */
  files: number;
  bytes: number;
  /** Each in one sentence; none for a folder that is in order. */
  faults: string[];
}

/** Faults that are told one by one. */
const MOST_FAULTS = 20;

/** Reads all media of a folder that no store has open: whether each that a run uses is there, and is what it was. */
export async function checkMedia(data: string): Promise<CheckedMedia> {
  const folder = join(data, MEDIA_FOLDER);
  const checked: CheckedMedia = { files: 0, bytes: 0, faults: [] };
  const used = new Map<string, number>();
  for (const { name } of await filesIn(join(folder, RUNS))) {
    const { refs, isDamaged } = readUses(await readFile(join(folder, RUNS, name), 'utf8'));
    if (isDamaged) {
      checked.faults.push(
        `${join(folder, RUNS, name)}, which says what images and sounds a run uses, cannot be read whole.`,
      );
    }
    for (const { media, bytes } of refs) {
      used.set(media, bytes);
    }
  }
  const there = new Map((await filesIn(join(folder, FILES))).map(({ name, size }) => [name, size]));
  const wrong: string[] = [];
  for (const [media, bytes] of used) {
    checked.files++;
    checked.bytes += bytes;
    if (!there.has(media)) {
      wrong.push(`The image or sound ${media} is missing.`);
    } else if (there.get(media) !== bytes || (await hashOf(join(folder, FILES, media))) !== media) {
      wrong.push(`The image or sound ${media} is not as it was kept.`);
    }
  }
  const more = wrong.length - MOST_FAULTS;
  checked.faults.push(...wrong.slice(0, MOST_FAULTS), ...(more > 0 ? [`So are ${more} more images or sounds.`] : []));
  return checked;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) {
    hash.update(piece as Buffer);
  }
  return hash.digest('hex');
}
