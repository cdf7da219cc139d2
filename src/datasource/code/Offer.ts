import type { RunField } from '../query';

/** What can stand at a place of a code query: plain words, or what the store has of something. */
export type Offer =
  | { of: 'words'; words: readonly Word[] }
  | { of: 'run' | 'runKey' | 'metric' | 'table' | 'history' | 'summary' | 'column' | 'event' | 'variable' }
  /** Values of a run attribute or config key. */
  | { of: 'runValue'; key: RunField | string };

interface Word {
  word: string;
  /** What is inserted, `|` marking where the cursor goes; the word itself when left out. */
  insert?: string;
  about?: string;
}

export const words = (list: readonly string[], about?: string): Offer => ({
  of: 'words',
  words: list.map((word) => ({ word, ...(about !== undefined && { about }) })),
});
