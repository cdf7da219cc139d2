import { LIMITS } from '@rolloscope/contract';
import type { RunRecord } from '../engine/Engine';
import type { EngineReads } from '../engine/EngineReads';
import type { LeftOut } from '../formats/LeftOut';
import { COLUMN, METRIC, memoryOfRecord } from '../runs/runSize';
import { Beyond, kindBeyond } from './Beyond';

const NAMES = 'metrics by name';
const ALL_NAMES = 'metrics by name over all runs';
const MEMORY = 'bytes of memory for all its runs';

/**
 * What one commit adds to what is known of runs: that is kept in memory, for all runs, as long as they are there. So
 * whoever makes names by the hundred thousand is told before that becomes everybody's trouble.
 */
export class RunGrowth {
  private added = 0;
  /** Names of metrics that the store did not have. */
  private readonly fresh = new Set<string>();

  constructor(
    /** Bytes that all runs take by now. */
    private readonly taken: () => number,
    private readonly engine: Pick<EngineReads, 'metricRoom'>,
    private readonly most: number = LIMITS.memoryOfAllRuns,
  ) {}

  /** A run of so many metrics logs another one; false for one that is left out, where there is whom to tell. */
  addMetric(metric: string, known: number, leftOut?: LeftOut): boolean {
    const limit = this.limitAt(metric, known);
    if (limit === undefined) {
      return true;
    }
    if (!leftOut) {
      throw this.refusal(limit, known);
    }
    const kinds = { metrics: NAMES, metricsOfAllRuns: ALL_NAMES, memoryOfAllRuns: MEMORY };
    leftOut.add(kindBeyond(limit, kinds[limit]), metric);
    return false;
  }

  /** The limit that a metric is beyond; else it is added. */
  private limitAt(metric: string, known: number): 'metrics' | 'metricsOfAllRuns' | 'memoryOfAllRuns' | undefined {
    if (known >= LIMITS.metrics) {
      return 'metrics';
    }
    const { names, has } = this.engine.metricRoom(metric);
    const isFresh = !has && !this.fresh.has(metric);
    if (isFresh && names + this.fresh.size >= LIMITS.metricsOfAllRuns) {
      return 'metricsOfAllRuns';
    }
    if (!this.take(METRIC)) {
      return 'memoryOfAllRuns';
    }
    if (isFresh) {
      this.fresh.add(metric);
    }
    return undefined;
  }

  private refusal(limit: 'metrics' | 'metricsOfAllRuns' | 'memoryOfAllRuns', known: number): Beyond {
    if (limit === 'memoryOfAllRuns') {
      return this.tooMuch(METRIC);
    }
    const instead = 'Log what varies as rows of a table.';
    return limit === 'metrics'
      ? new Beyond(limit, 'The run', known + 1, NAMES, instead)
      : new Beyond(limit, 'The store', LIMITS.metricsOfAllRuns + 1, ALL_NAMES, instead);
  }

  /** A table of a run has so many columns more. Throws `Beyond`. */
  addColumns(count: number): void {
    if (!this.take(COLUMN * count)) {
      throw this.tooMuch(COLUMN * count);
    }
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
