import { isMediaRef, LIMITS, MEDIA_TYPES, type MediaType } from '@rolloscope/contract';
import type { MediaRef } from '@rolloscope/contract/types';
import { isObject } from '../formats/readObject';
import { hashStart } from './artifactFiles';
import type { ListedImage } from './WandbRunState';

/** Media types of the files that W&B's `Image` and `Audio` write, by the ends of their names. */
const TYPES: Readonly<Record<string, MediaType>> = {
  ...Object.fromEntries(MEDIA_TYPES.map((type) => [type.replace(/^\w+\//, ''), type])),
  jpg: 'image/jpeg',
  mp3: 'audio/mpeg',
};

/** Says whether a path is one where clients put media in a run. */
export const isMediaPath = (path: string) => /^media\/(images|audio)\/.+/.test(path);

/**
 * Reads what `wandb.Image` and `wandb.Audio` log in their place, as a reference: it names the SHA-256 of the file,
 * which comes by itself, before or after that. Returns undefined for anything else.
 */
export function wandbMedia(value: unknown): MediaRef | undefined {
  if (!isObject(value) || (value._type !== 'image-file' && value._type !== 'audio-file')) {
    return undefined;
  }
  const { sha256, path, size, width, height, caption } = value;
  const type = TYPES[/\.(\w{1,10})$/.exec(String(path))?.[1]?.toLowerCase() ?? ''];
  const isSize = (one: unknown): one is number => Number.isSafeInteger(one) && Number(one) > 0;
  const ref = {
    media: sha256,
    type,
    bytes: isSize(size) ? size : 0,
    ...(isSize(width) && { width }),
    ...(isSize(height) && { height }),
    ...altOf(caption),
  };
  return isMediaRef(ref) ? ref : undefined;
}

/** The same of what one name logs: alone, or a list as `wandb.log({"x": [Audio, …]})` has it. */
export function wandbMediaList(value: Record<string, unknown>): MediaRef[] | undefined {
  const list = value._type === 'audio' ? value.audio : [value];
  const refs = Array.isArray(list) ? list.map(wandbMedia) : [];
  return refs.length > 0 && refs.every((ref) => ref !== undefined) ? refs : undefined;
}

/** Images of a list; the client logs no more at once. */
const MOST_LISTED = 128;

/** Reads what `wandb.log({"x": [Image, …]})` has; returns undefined for anything else. */
export function listedImages({ _type, filenames, captions }: Record<string, unknown>): ListedImage[] | undefined {
  if (_type !== 'images/separated' || !Array.isArray(filenames) || filenames.length > MOST_LISTED) {
    return undefined;
  }
  const images = filenames.flatMap((path, i) => {
    const start = typeof path === 'string' && isMediaPath(path) ? hashStart(path) : undefined;
    return start === undefined ? [] : [{ start, ...altOf(Array.isArray(captions) ? captions[i] : undefined) }];
  });
  return images.length > 0 && images.length === filenames.length ? images : undefined;
}

const altOf = (caption: unknown) =>
  typeof caption === 'string' && caption !== '' ? { alt: [...caption].slice(0, LIMITS.altChars).join('') } : {};

const WORDS: readonly unknown[] = ['Image', 'Audio'];
/** Says whether a cell is what a table's file has where an image or a sound was, or a list of it. */
const isWord = (cell: unknown): boolean =>
  Array.isArray(cell) ? cell.length > 0 && cell.every(isWord) : WORDS.includes(cell);

/** Says whether the file of a table may have such cells. */
export const hasWords = (file: Buffer) => file.includes('"Image"') || file.includes('"Audio"');

/** Columns of a table in whose cells a client wrote what its media are called, and nothing else of them. */
export const namedMedia = ({ columns, rows }: { columns: readonly string[]; rows: readonly unknown[][] }): number[] =>
  columns.flatMap((_, i) => (isWord(rows.find((row) => row[i] !== null && row[i] !== undefined)?.[i]) ? [i] : []));
