import type { Attempt, Resource, RunEvent, RunState } from '@rolloscope/contract/types';
import type { EngineReads, LabelEntry, Rollout } from './EngineReads';
import type { ReadOptions } from './ReadOptions';
import type { TableColumn } from './TableColumn';

/** A run as it is kept; what can be derived from points and rows is not in it. */
export interface RunRecord {
  /** Unique in the store. */
  id: string;
  /** The id that its project knows it by, where another project's run had that id in the store before. */
  localId?: string;
  project: string;
  name: string;
  /** Counts the runs of the project as they are created, from 1. */
  number?: number;
  group?: string;
  state: RunState;
  tags: string[];
  config: Record<string, unknown>;
  createdAt: number;
  /** Last sign of life, epoch milliseconds. */
  updatedAt: number;
  finishedAt?: number;
  attempts: Attempt[];
  /** Some metric was logged twice at one step of one attempt, so reading must pick the last. */
  rewritten?: boolean;
  /** Metrics that the store makes of its rows: a point of one replaces that of its step. */
  rowMetrics?: string[];
  /** A person's text about the run. */
  notes?: string;
  baseline?: string;
  parent?: { run: string; step: number };
  resources?: Resource[];
  archived: boolean;
  /** Tells the run from every other one of the store, also from a later one of the same id. */
  key?: string;
  /** The id by which the client knows the run, where that is not the store's. */
  clientId?: string;
  /** The client never says that the run is over, so that silence is its end. */
  endsSilently?: boolean;
}

/** Columns of equal length. */
export interface PointsChange {
  kind: 'points';
  run: string;
  attempt: number;
  metrics: string[];
  steps: (number | null)[];
  times: number[];
  values: number[];
}

/** Rows of one table from one entry. `cells[c][r]` belongs to `columns[c]`, in its type, or null. */
export interface RowsChange {
  kind: 'rows';
  run: string;
  attempt: number;
  table: string;
  /** The number of the first of them, reserved (`Engine.reserveRows`); the others follow it. */
  firstRow: number;
  /** The entry's step: rows of one run, table and entry step are one version. */
  entryStep: number | null;
  columns: TableColumn[];
  steps: (number | null)[];
  times: number[];
  cells: unknown[][];
}

/** A change: a transaction is a list of them. */
export type Change =
  | { kind: 'run'; run: RunRecord }
  | PointsChange
  | RowsChange
  /** Rows of the entry step, from the row `fromRow` on, turn out to be of a later attempt. */
  | { kind: 'adopt'; run: string; table: string; attempt: number; fromRow: number; step: number }
  | { kind: 'events'; events: RunEvent[] }
  | { kind: 'batch'; run: string; batchId: string; time: number; accepted: number }
  /** Replaces what the run had under `key`. */
  | { kind: 'adapterState'; run: string; key: string; value: string }
  /** A person's label of a rollout from now on. What they said before is kept. */
  | { kind: 'label'; rollout: Rollout; label: LabelEntry }
  | { kind: 'delete'; run: string };

/** Steps of one metric of a run's attempt, each once. */
export interface LoggedAsk {
  run: string;
  attempt: number;
  metric: string;
  steps: Iterable<number>;
}

/** A row of a step, with its numbers in the columns asked for: null for what it has not, or is no number. */
export interface StepRow {
  row: number;
  attempt: number;
  time: number;
  cells: (number | null)[];
}

export interface RowsAtSteps {
  /** The highest step of an entry of the table; null without any. */
  highest: number | null;
  steps: Map<number, StepRow[]>;
}

export interface StorageSize {
  engine: string;
  bytes: number;
  /** Bytes not yet folded in. */
  log: number;
  /** Bytes that are free on the disk. */
  freeBytes: number;
  /** The reason why nothing can be written, or not all be read; undefined when all is well. */
  trouble?: string;
}

/** The commits, as work on the storage sees them: they stand aside for it. */
export interface Commits {
  /** Nothing is being written, and nothing waits to be. */
  readonly isIdle: boolean;
  /** Runs `work` once, with no commit beside it. */
  between<T>(work: () => Promise<T>): Promise<T>;
}

/** The state of the storage after its upkeep. */
export interface Kept {
  /** False where the data had to be closed and cannot be opened again yet: everything throws why. */
  isOpen: boolean;
  /** What runs take on the disk may be another than before. */
  isFolded: boolean;
}

/**
 * Storage, and nothing else: no policy, no HTTP, no tokens. Everything specific to one database stays behind it; every
 * engine passes `engine/conformance`.
 */
export interface Engine extends EngineReads {
  /** The same reads on behalf of somebody, who waits for their own and may give up. Its own are the store's. */
  readsFor(options: ReadOptions): EngineReads;
  /** The latest time of a batch that was stored when it was opened; undefined without any. */
  newestBatch(): Promise<number | undefined>;
  /**
   * The number of the first of so many rows, which nobody else gets: higher than that of any row that is there. Numbers
   * of rows that are not committed after all are not given again before the store is opened anew.
   */
  reserveRows(count: number): Promise<number>;
  /** Writes all of it or none, durable when it resolves with the new position. Calls are made one after another. */
  commit(changes: Change[]): Promise<number>;
  /** Reads the records of all runs, at start. */
  loadRuns(): Promise<RunRecord[]>;

  /**
   * Reads what commits look up of some runs, so that the first log call of each after a start does not wait for the disk.
   * It may be left out, and need not be waited for.
   */
  readAhead(runs: readonly string[]): Promise<void>;
  /** Hands on the batch ids of runs that were not forgotten. Between commits, as `findBatches` is. */
  batchIds(runs: readonly string[], take: (run: string, batchId: string) => void): Promise<void>;
  /** Reads what some batches accepted, by run and id; leaves out those that are not stored. */
  findBatches(batches: ReadonlyArray<{ run: string; batchId: string }>): Promise<Map<string, Map<string, number>>>;
  /** Reads which of some steps an attempt has points at, by run and metric. Called between commits. */
  loggedSteps(asked: readonly LoggedAsk[]): Promise<Map<string, Map<string, Set<number>>>>;
  /**
   * Finds the first row of a run's table with each of the contents, by run; contents are the hashes of a prompt and of
   * a response, joined with a blank, and those that the table has not are left out. Called between commits.
   */
  firstRows(
    table: string,
    contents: ReadonlyMap<string, ReadonlySet<string>>,
  ): Promise<Map<string, Map<string, number>>>;
  /**
   * Reads the rows of a table at some steps, by run that has the table: the first so many of each step, in the order of
   * their numbers, with the numbers that they have in some columns. Only rows are read whose own step is that of their
   * entry. Called between commits.
   */
  rowsAtSteps(
    table: string,
    asked: ReadonlyMap<string, readonly number[]>,
    columns: readonly string[],
    most: number,
  ): Promise<Map<string, RowsAtSteps>>;
  /** Reads what adapters remember of a run, by the adapter's key. */
  adapterState(run: string): Promise<Map<string, string>>;
  /** Forgets batch ids whose time is before that; called between commits. */
  forgetBatches(before: number): Promise<void>;
  /** Does what the storage needs now and then, of which nobody else knows; called every second or so by who commits. */
  upkeep(commits: Commits): Promise<Kept>;
  /** Throws `disk_full` where files of so many bytes more would take from what an engine on this disk keeps free. */
  requireRoom?(bytes: number): Promise<void>;
  /**
   * Makes a consistent copy in an empty directory, while reads and writes go on: it is whole or not there. Only an
   * engine on this disk has it. `files`, of so many bytes, are copied beside it after its moment.
   */
  backup?(directory: string, files?: { bytes: number; copy(): Promise<void> }): Promise<void>;
  /** Fulfilled when another process took over, and this one can write no more; for an engine that several share. */
  readonly replaced?: Promise<void>;
  size(): Promise<StorageSize>;
  close(): Promise<void>;
}
