import type { MetricValue, Role } from '@rolloscope/contract/types';

/** A table as a trainer counted it. */
export interface CountedTable {
  name: string;
  columns: string[];
  rows: unknown[][];
  /** Roles that columns are to have, by column. */
  roles: Record<string, Role>;
}

/** What a trainer itself says that it logged under one run: its own log history and tables. */
export interface CountedRun {
  run: string;
  project: string;
  /** The job that it is a part of. */
  group?: string | null;
  /** `[step, value]` by metric, by step. */
  metrics: Record<string, Array<[number, MetricValue]>>;
  tables: CountedTable[];
  /** All metrics that are results of evals, by any order. */
  evals?: string[];
  /** Values that it told as the run's own, without a step. */
  summary?: Record<string, MetricValue>;
  /** What its configuration is to tell. */
  config?: Record<string, unknown>;
}

/** What goes with a recording, written by the script that ran the trainer. */
export interface Counted {
  /** Packages that it was made with. */
  versions: Record<string, string>;
  /** What of the trainer ran, where that is not the whole of it. */
  ran?: string;
  runs: CountedRun[];
}
