import type { RowSource } from '@rolloscope/contract/frames';
import type { MediaRef } from '@rolloscope/contract/types';
import { createContext } from 'react';

/** A panel's way to show images and sounds. */
export interface MediaPlace {
  /** Returns one's address for a browser, by Grafana's proxy; undefined if no data source answers, as in a snapshot. */
  urlOf(ref: MediaRef): string | undefined;
  /** True where a person may load what stands at an address of the web, by a button. */
  offersRemote: boolean;
  /** Addresses that were drawn before: the browser has them, so they need not wait. */
  seen: Set<string>;
}

/** A page of rows holds some tens; more are asked for again, and are in the browser's cache. */
const MOST_SEEN = 2_000;

export const mediaPlace = (source: RowSource | null | undefined, offersRemote: boolean): MediaPlace => ({
  urlOf: ({ media }) => source?.mediaUrl?.(media),
  offersRemote,
  seen: new Set(),
});

export function noteSeen({ seen }: MediaPlace, url: string): void {
  if (seen.size >= MOST_SEEN) {
    seen.clear();
  }
  seen.add(url);
}

export const MediaContext = createContext<MediaPlace>(mediaPlace(null, false));
