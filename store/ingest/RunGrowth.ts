import { LIMITS } from '@rolloscope/contract';
import type { RunRecord } from '../engine/Engine';
import type { MetricRoom } from '../engine/EngineReads';
import type { LeftOut } from '../formats/LeftOut';
import { COLUMN, METRIC, memoryOfRecord } from '../runs/runSize';
import { Beyond, kindBeyond } from './Beyond';

const NAMES = 'metrics by name';
const ALL_NAMES = 'metrics by name over all runs';
const MEMORY = 'bytes of memory for all its runs';
/**
 * Bytes beyond the limit for runs of whom a client must not be refused, since that would end its training: some tens of
 * thousands of them, with little more than their names.
 */
const SPARE_BYTES = 64 * 2 ** 20;
const BARE_CONFIG_BYTES = 200;

/**
 * The growth that one commit brings to what is known of runs: that is kept in memory, for all runs, as long as they are
 * there. So whoever makes names by the hundred thousand is told before that becomes everybody's trouble.
 */
export class RunGrowth {
  private added = 0;
  /** Names of metrics that the store did not have. */
  private readonly fresh = new Set<string>();

  constructor(
    /** Bytes that all runs take by now. */
    private readonly taken: () => number,
    private readonly most: number = LIMITS.memoryOfAllRuns,
  ) {}

  /**
   * A run of so many metrics logs another one; false for one that is left out, where there is whom to tell. `room`: what
   * there was before the commit.
   */
  addMetric(metric: string, known: number, room: MetricRoom, leftOut?: LeftOut): boolean {
    const limit = this.limitAt(metric, known, room);
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
  private limitAt(
    metric: string,
    known: number,
    room: MetricRoom,
  ): 'metrics' | 'metricsOfAllRuns' | 'memoryOfAllRuns' | undefined {
    if (known >= LIMITS.metrics) {
      return 'metrics';
    }
    const isFresh = !room.known.has(metric) && !this.fresh.has(metric);
    if (isFresh && room.names + this.fresh.size >= LIMITS.metricsOfAllRuns) {
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

  /**
   * A run is described anew: as what comes back. With `leftOut` what there is no memory for is told there, and the run
   * stays as it was, or is a new one with little more than its name. Throws `Beyond`.
   */
  describe(before: RunRecord | undefined, after: RunRecord, leftOut?: LeftOut): RunRecord {
    const bytes = memoryOfRecord(after) - (before ? memoryOfRecord(before) : 0);
    if (this.take(bytes)) {
      return after;
    }
    const bare = bareOf(after);
    if (!leftOut || (!before && !this.take(memoryOfRecord(bare), this.most + SPARE_BYTES))) {
      throw this.tooMuch(bytes);
    }
    leftOut.add(kindBeyond('memoryOfAllRuns', MEMORY), 'config, tags and resources');
    const { config, tags, resources, notes } = before ?? bare;
    return { ...bare, config, tags, ...(resources && { resources }), ...(notes !== undefined && { notes }) };
  }

  private take(bytes: number, most = this.most): boolean {
    if (bytes > 0 && this.taken() + this.added + bytes > most) {
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

/** A run with no more of its config than fits: its first keys, which are those that adapters find it by. */
function bareOf({ resources: _, notes: __, ...named }: RunRecord): RunRecord {
  let left = BARE_CONFIG_BYTES;
  const first = Object.entries(named.config).filter(([key, value]) => {
    left -= JSON.stringify([key, value]).length;
    return left >= 0;
  });
  return { ...named, tags: [], config: Object.fromEntries(first) };
}
