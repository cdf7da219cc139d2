import { isMediaRef } from '@rolloscope/contract/mediaCell';
import type { MediaRef } from '@rolloscope/contract/types';
import type { MediaPlace } from '../media/MediaContext';
import { mediaCount } from '../media/mediaWords';
import { MOST_MEDIA_BYTES } from './Bundle';

/** Media that are asked for at a time. */
const AT_ONCE = 4;
/** Stands for the content of media that are left out: a hash would let somebody try out which image it was. */
const LEFT_OUT = '0'.repeat(64);

/** Every reference to media in values, at any depth, as it stands there. */
export function* mediaIn(values: Iterable<unknown>): Generator<MediaRef> {
  const left: unknown[] = [...values];
  while (left.length > 0) {
    const value = left.pop();
    if (isMediaRef(value)) {
      yield value;
    } else if (typeof value === 'object' && value !== null) {
      left.push(...Object.values(value));
    }
  }
}

/** Each of the media once, by its hash, and how many bytes all of them have. */
export function distinctMedia(values: Iterable<unknown>): { media: Map<string, MediaRef>; bytes: number } {
  const media = new Map<string, MediaRef>();
  let bytes = 0;
  for (const ref of mediaIn(values)) {
    bytes += media.has(ref.media) ? 0 : ref.bytes;
    media.set(ref.media, ref);
  }
  return { media, bytes };
}

/** `3 images and sounds (1.2 MB)`. */
export const mediaText = ({ media, bytes }: ReturnType<typeof distinctMedia>): string =>
  `${mediaCount(media.size)} (${(bytes / 1e6).toFixed(1)} MB)`;

/** A cell whose references no longer tell which media they were. */
export function hideMedia(value: unknown): unknown {
  if (isMediaRef(value)) {
    return { ...value, media: LEFT_OUT };
  }
  if (Array.isArray(value)) {
    return value.map(hideMedia);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hideMedia(inner)]))
    : value;
}

/**
 * The bytes of media as `data:` addresses, by hash; those that cannot be had are left out. Rejects where they are too
 * large for a file, before any is asked for, and when the signal aborts.
 */
export async function embedMedia(
  values: Iterable<unknown>,
  urlOf: MediaPlace['urlOf'],
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const found = distinctMedia(values);
  if (found.bytes > MOST_MEDIA_BYTES) {
    throw new Error(
      `These rollouts have ${mediaText(found)}, and one file holds ${MOST_MEDIA_BYTES / 1e6} MB of them. Leave images and sounds out, or choose fewer rollouts.`,
    );
  }
  const embedded: Record<string, string> = {};
  const left = [...found.media.values()];
  const work = async () => {
    for (let ref = left.pop(); ref; ref = left.pop()) {
      const url = urlOf(ref);
      const answer = url === undefined ? undefined : await fetch(url, { signal }).catch(() => undefined);
      signal.throwIfAborted();
      if (answer?.ok) {
        embedded[ref.media] = await dataAddress(await answer.blob(), ref.type);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return embedded;
}

/** `type` is the reference's own, which is one of few; what an answer says of itself is not taken. */
function dataAddress(bytes: Blob, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes], { type }));
  });
}
