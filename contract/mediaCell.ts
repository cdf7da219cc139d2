import { ADDRESSES, filledPath } from './addresses';
import { isObject } from './isObject';
import { MEDIA_TYPES } from './mediaTypes';
import { API_BASE } from './names';
import type { MediaLeftOut, MediaRef } from './types';

const HASH = /^[0-9a-f]{64}$/;

/** Says whether a value is a reference to media: a cell may hold whatever somebody logged. */
export const isMediaRef = (value: unknown): value is MediaRef =>
  isObject(value) &&
  typeof value.media === 'string' &&
  HASH.test(value.media) &&
  (MEDIA_TYPES as readonly unknown[]).includes(value.type);

/** Says whether a value stands for media that were not taken. */
export const isMediaLeftOut = (value: unknown): value is MediaLeftOut =>
  isObject(value) && value.media === null && typeof value.why === 'string';

export type Media = MediaRef | MediaLeftOut;
const isMedia = (one: unknown): one is Media => isMediaRef(one) || isMediaLeftOut(one);

/** The media of a cell: of one, or of a list of nothing else; undefined for any other cell. */
export function mediaOf(cell: unknown): readonly Media[] | undefined {
  if (Array.isArray(cell)) {
    return cell.length > 0 && cell.every(isMedia) ? cell : undefined;
  }
  return isMedia(cell) ? [cell] : undefined;
}

export const isImage = ({ type }: MediaRef): boolean => type.startsWith('image/');

/** Returns the path at which the bytes are asked for, below a store's origin. */
export const mediaPath = ({ media }: MediaRef): string => API_BASE + filledPath(ADDRESSES.media.path, { hash: media });

/** A cell of media as one text: where each is, or why it is not; any other cell as it is. */
export function mediaText(cell: unknown): unknown {
  const media = mediaOf(cell);
  return media ? media.map((one) => (isMediaRef(one) ? mediaPath(one) : `not kept: ${one.why}`)).join(' ') : cell;
}
