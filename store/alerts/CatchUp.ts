import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEntry } from '../runs/RunEntry';

/** Runs that are read together, and metrics of all of them. */
const MOST_RUNS = 256;
const MOST_METRICS = 50_000;

/**
 * Runs that were there at the start and are still to be taken up. One statement reads of many what it reads of one, so
 * they come a few hundred at a time; and nobody waits for them, so between two times the store is left alone for as long
 * as the last one took.
 */
export class CatchUp {
  private readonly runs = new Set<string>();
  private most = MOST_RUNS;
  private pause = 0;

  get size(): number {
    return this.runs.size;
  }

  add(run: string): void {
    this.runs.add(run);
  }

  delete(run: string): void {
    this.runs.delete(run);
  }

  /**
   * Works on the next ones; `work` is given those that are there, and tells false where they are too many to be held
   * together: then there are half as many from then on.
   */
  async next(
    entryOf: (run: string) => RunEntry | undefined,
    work: (entries: RunEntry[]) => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void> {
    await sleep(this.pause, undefined, { signal }).catch(() => undefined);
    const entries: RunEntry[] = [];
    let metrics = 0;
    for (const run of signal.aborted ? [] : this.runs) {
      const entry = entryOf(run);
      metrics += entry?.latest.size ?? 0;
      if (entries.length >= this.most || (metrics > MOST_METRICS && entries.length > 0)) {
        break;
      }
      this.runs.delete(run);
      entries.push(...(entry ? [entry] : []));
    }
    const begin = performance.now();
    if (entries.length > 0 && !(await work(entries))) {
      this.most = Math.max(1, entries.length >> 1);
      for (const { record } of entries) {
        this.runs.add(record.id);
      }
    }
    this.pause = performance.now() - begin;
  }
}
