import type { StoreClient } from '../StoreClient';

/** What an import out of another tool is given. */
export interface Move {
  /** What is read: a project, an address, a folder. */
  place: string;
  values: Record<string, string | undefined>;
  flags: ReadonlySet<string>;
  /** Calls the root of the store, where the clients of other tools log. */
  root: StoreClient;
  /** Calls its API. */
  api: StoreClient;
  /** The folder that has how far imports are. */
  state: string;
  /** Ends all waiting. */
  signal: AbortSignal;
}

/** How it went with one run. */
export type Outcome = 'taken' | 'same' | 'gone' | 'refused';
