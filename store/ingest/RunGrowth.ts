import { LIMITS } from '@rolloscope/contract';
import type { RunRecord } from '../engine/Engine';
import type { LeftOut } from '../formats/LeftOut';
import { METRIC, memoryOfRecord } from '../runs/runSize';
import { Beyond, kindBeyond } from './Beyond';

const NAMES = 'metrics by name';
const MEMORY = 'bytes of memory for all its runs';

/**
 * What one commit adds to what is known of runs: that is kept in memory, for all runs, as long as they are there. So
 * whoever makes names by the hundred thousand is told before that becomes everybody's trouble.
 */
export class RunGrowth {
  private added = 0;

  constructor(
    /** Bytes that all runs take by now. */
    private readonly taken: () => number,
    private readonly most: number = LIMITS.memoryOfAllRuns,
  ) {}

  /** A run of so many metrics logs another one; false for one that is left out, where there is whom to tell. */
  addMetric(metric: string, known: number, leftOut?: LeftOut): boolean {
    const isOneTooMany = known >= LIMITS.metrics;
    if (!isOneTooMany && this.take(METRIC)) {
      return true;
    }
    if (!leftOut) {
      throw isOneTooMany
        ? new Beyond('metrics', 'The run', known + 1, NAMES, 'Log what varies as rows of a table.')
        : this.tooMuch(METRIC);
    }
    leftOut.add(isOneTooMany ? kindBeyond('metrics', NAMES) : kindBeyond('memoryOfAllRuns', MEMORY), metric);
    return false;
  }

  /** A run is described anew. Throws `Beyond`. */
  describe(before: RunRecord | undefined, after: RunRecord): void {
    const bytes = memoryOfRecord(after) - (before ? memoryOfRecord(before) : 0);
    if (!this.take(bytes)) {
      throw this.tooMuch(bytes);
    }
  }

  private take(bytes: number): boolean {
    if (bytes > 0 && this.taken() + this.added + bytes > this.most) {
      return false;
    }
    this.added += Math.max(0, bytes);
    return true;
  }

  private tooMuch(bytes: number): Beyond {
    const has = this.taken() + this.added + bytes;
    return new Beyond(
      'memoryOfAllRuns',
      'The store',
      has,
      MEMORY,
      'Delete runs, or log fewer metrics and less config.',
    );
  }
}
