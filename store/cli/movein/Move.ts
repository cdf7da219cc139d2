import type { StoreClient } from '../StoreClient';

/** An import out of another tool, as it was asked for. */
export interface Move {
  /** The source that is read: a project, an address, a folder. */
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

/** The outcome of one run: `same` has nothing new, `gone` was deleted at the source meanwhile. */
export type Outcome = 'taken' | 'same' | 'gone' | 'refused';
