import type { RunField } from '../query';

/** The words for a place of a code query: plain ones, or what the store has of something. */
export type Offer =
  | { of: 'words'; words: readonly Word[] }
  | { of: 'run' | 'runKey' | 'metric' | 'table' | 'history' | 'summary' | 'column' | 'event' | 'variable' }
  /** Values of a run attribute or config key. */
  | { of: 'runValue'; key: RunField | string };

interface Word {
  word: string;
  /** The text that is inserted, `|` marking where the cursor goes; the word itself when left out. */
  insert?: string;
  about?: string;
}

export const words = (list: readonly string[], about?: string): Offer => ({
  of: 'words',
  words: list.map((word) => ({ word, ...(about !== undefined && { about }) })),
});
