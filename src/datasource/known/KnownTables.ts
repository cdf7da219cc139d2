import type { RowSelection } from '@rolloscope/contract/types';
import { StoreFailure } from '../http/failure';
import type { StoreClient } from '../http/StoreClient';

/** Milliseconds after which all is read anew, whatever came. */
export const WHOLE_AFTER = 10 * 60_000;
const MOST_KEPT = 32;

interface Known {
  value: unknown;
  asOf: string;
  /** The time at which it was read, in epoch milliseconds. */
  at: number;
}

/**
 * Answers about tables that were read, of all panels: one that is asked for again is the same object as long as no row
 * came that it could be about.
 */
export class KnownTables {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly client: StoreClient,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Returns what `load` gave under this key, or gives now. `rows`: those that it is about, or more. Runs that are
   * chosen by what they are may be others the next time, so of those all is read anew. Throws what `load` throws, and a
   * `StoreFailure`.
   */
  async read<T extends { asOf: string }>(
    key: string,
    rows: RowSelection,
    load: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const known = this.known.get(key);
    if (known && this.now() - known.at <= WHOLE_AFTER) {
      const asOf = await this.unchangedUpTo(rows, known.asOf, signal);
      if (asOf !== undefined) {
        known.asOf = asOf;
        return known.value as T;
      }
    }
    const at = this.now();
    const value = await load();
    this.known.delete(key);
    if (Array.isArray(rows.runs)) {
      this.known.set(key, { value, asOf: value.asOf, at });
    }
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KEPT && oldest !== undefined) {
      this.known.delete(oldest);
    }
    return value;
  }

  private async unchangedUpTo(rows: RowSelection, since: string, signal?: AbortSignal): Promise<string | undefined> {
    try {
      const body = { ...rows, since, offset: 0, limit: 0 };
      const answer = await this.client.ask('queryRows', { body }, signal);
      return answer.reset || answer.total > 0 ? undefined : answer.asOf;
    } catch (error) {
      if (error instanceof StoreFailure && error.code === 'invalid_as_of') {
        return undefined;
      }
      throw error;
    }
  }
}
