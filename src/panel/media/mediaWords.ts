import { isImage } from '@rolloscope/contract/mediaCell';
import type { MediaRef } from '@rolloscope/contract/types';
import { formatCount } from '../text/formatCount';

const UNITS = ['bytes', 'KB', 'MB'] as const;

function bytesText(bytes: number): string {
  const power = bytes < 1_024 ? 0 : bytes < 1_024 ** 2 ? 1 : 2;
  const count = bytes / 1_024 ** power;
  return `${power === 0 || count >= 10 ? Math.round(count) : count.toFixed(1)} ${UNITS[power]}`;
}

/** `0:03`, `12:40`. */
export const secondsText = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;

/** Says what is known of it before it is seen: `PNG, 640 × 480, 12 KB`. */
export function factsText(ref: MediaRef): string {
  const { type, bytes, width, height, frames, seconds } = ref;
  const kind = type.replace(/^\w+\//, '').toUpperCase();
  return [
    kind === 'MPEG' ? 'MP3' : kind,
    ...(width !== undefined && height !== undefined ? [`${formatCount(width)} × ${formatCount(height)}`] : []),
    ...(frames === undefined ? [] : [`${formatCount(frames)} pictures`]),
    ...(seconds === undefined ? [] : [secondsText(seconds)]),
    bytesText(bytes),
  ].join(', ');
}

/** Names it where it cannot be seen: by its own words, else by what is known of it. */
export const altText = (ref: MediaRef): string =>
  ref.alt?.trim() || `${isImage(ref) ? 'Image' : 'Sound'}: ${factsText(ref)}`;

export const BROKEN = 'It is not in the store any more, or this browser cannot show it.';
export const NO_SOURCE = 'It is in the store, which cannot be asked from here.';

export const mediaCount = (count: number): string =>
  count === 1 ? '1 image or sound' : `${formatCount(count)} images and sounds`;
