import type { Run } from '@rolloscope/contract/types';
import type { RunRecord } from '../engine/Engine';

/** The newest logged point of a metric: by step, then by arrival. */
export interface Latest {
  step: number | null;
  time: number;
  value: number;
}

/** What is known of a run without asking the engine. */
export interface RunEntry {
  record: RunRecord;
  /** By metric name, in the order of first logging. */
  latest: Map<string, Latest>;
  lastStep?: number;
  lastTime?: number;
  /** By attempt number: the highest step it reached. */
  reached: Map<number, number>;
  /**
   * Position of the last commit that changed what was there before (a new attempt, a step logged again): reads `since`
   * an earlier one get `reset`.
   */
  rewrittenAt: number;
  bytes?: number;
}

/**
 * All runs in memory: attributes, last values, attempts. It is loaded at start, changed only by the writer after a
 * commit, and read by everything that selects runs. A few thousand runs with a hundred metrics each are some 100 MB.
 */
export interface RunBook {
  get(id: string): RunEntry | undefined;
  /** In the order of creation. */
  all(): Iterable<RunEntry>;
  /** Position of the last commit that deleted a run; 0 for none. */
  readonly deletedAt: number;
  /** The contract's view; `crashed` is told from `updatedAt` and the clock. */
  toRun(entry: RunEntry, include: { config: boolean; summary: boolean }): Run;
}
