import type { RunRecord } from '../engine/Engine';

/** The newest point of a metric: of the newest attempt, then by step, then by arrival. */
export interface Latest {
  attempt: number;
  step: number | null;
  time: number;
  value: number;
}

/** Rows by table and step: the first of those that came for steps which the attempt had left behind. */
export type Behind = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** The facts of a run that are known without asking the engine. */
export interface RunEntry {
  record: RunRecord;
  /**
   * Time by the steady clock of the last sign of life; of a run that was there at the start, the start: nobody listened
   * before.
   */
  heardAt: number;
  /** The newest point by metric name, in the order of first logging. */
  latest: Map<string, Latest>;
  lastStep?: number;
  lastTime?: number;
  /** The highest step that each attempt reached, by its number. */
  reached: Map<number, number>;
  /**
   * Position of the last commit that changed what was there before (a new attempt, a step logged again); 0 for none.
   * Reads `since` an earlier one get `reset`.
   */
  rewrittenAt: number;
  /** Rows that may be the first of a resumed job, until its points tell. */
  behind?: Behind;
  bytes?: number;
}
