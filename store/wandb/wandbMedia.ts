import { isMediaRef, LIMITS, MEDIA_TYPES, type MediaType } from '@rolloscope/contract';
import type { MediaRef } from '@rolloscope/contract/types';
import { isObject } from '../formats/readObject';

/** What the files are that W&B's `Image` and `Audio` write, by the ends of their names. */
const TYPES: Readonly<Record<string, MediaType>> = {
  ...Object.fromEntries(MEDIA_TYPES.map((type) => [type.replace(/^\w+\//, ''), type])),
  jpg: 'image/jpeg',
  mp3: 'audio/mpeg',
};

/** Where clients put them in a run. */
export const isMediaPath = (path: string) => /^media\/(images|audio)\/.+/.test(path);

/**
 * What `wandb.Image` and `wandb.Audio` log in their place, as a reference: it names the SHA-256 of the file, which comes by
 * itself, before or after that. Undefined for anything else.
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
    ...(typeof caption === 'string' && caption !== '' && { alt: [...caption].slice(0, LIMITS.altChars).join('') }),
  };
  return isMediaRef(ref) ? ref : undefined;
}

/** The same of what one name logs: alone, or a list as `wandb.log({"x": [Audio, …]})` has it. */
export function wandbMediaList(value: Record<string, unknown>): MediaRef[] | undefined {
  const list = value._type === 'audio' ? value.audio : [value];
  const refs = Array.isArray(list) ? list.map(wandbMedia) : [];
  return refs.length > 0 && refs.every((ref) => ref !== undefined) ? refs : undefined;
}

/** Columns of a table in whose cells a client wrote what its media are called, and nothing else of them. */
export function namedMedia({ columns, rows }: { columns: readonly string[]; rows: readonly unknown[][] }): string[] {
  const [first = []] = rows;
  return columns.filter((_, i) => /^\["?(Image|Audio)"?|^"(Image|Audio)"$/.test(JSON.stringify(first[i]) ?? ''));
}
