import type { Engine } from '../../Engine';
import type { LabelEntry } from '../../EngineReads';
import type { Adoption, SortedChanges } from '../../sortChanges';
import type { TableColumn } from '../../TableColumn';

/** Small integers by which ClickHouse knows what has a name. A number, once given, never stands for anything else. */
export interface Keys {
  /** Keys of runs, by id. A run that is deleted and made anew has another key, so its old lines are nobody's. */
  runs: ReadonlyMap<string, number>;
  metrics: ReadonlyMap<string, number>;
  tables: ReadonlyMap<string, number>;
}

/** A commit that has its position, and is neither published nor dead. Its lines in ClickHouse carry the position. */
export interface OpenedCommit {
  position: number;
  /** Keys of what its changes name, as it is after them: also of runs, metrics and tables that are new with it. */
  keys: Keys;
  /** Runs that have no lines yet: they are new with it, or made anew. */
  freshRuns: ReadonlySet<string>;
}

/** Inclusive. */
export interface Positions {
  from: number;
  to: number;
}

/** The lines that readers may see now: those up to `position` that are not of a dead commit. */
export interface Moment {
  /** The horizon: every commit up to here is published or dead. */
  position: number;
  /** Commits that came to nothing, whose lines may be in ClickHouse; ascending, apart. Mostly none. */
  dead: readonly Positions[];
}

/** A run whose lines in ClickHouse are nobody's any more. */
export interface Removal {
  /** The key that it had. */
  key: number;
  /** The commit that deleted it. */
  position: number;
}

/** A rollout's labels at a moment: the newest of each person who says something, in the order of their commits. */
export interface LabelledRollout {
  run: string;
  /** `Rollout.key`. */
  key: string;
  labels: LabelEntry[];
}

/**
 * Members of an engine that PostgreSQL answers alone; see there. Each says it of what is published, runs in the order in
 * which they were created (`latestPoints`, too: the conformance suite holds it).
 */
type Answered =
  | 'adapterState'
  | 'batchIds'
  | 'columnCount'
  | 'eventMarks'
  | 'events'
  | 'findBatches'
  | 'forgetBatches'
  | 'labelCount'
  | 'labelledAt'
  | 'labelsOf'
  | 'latestPoints'
  | 'loadRuns'
  | 'metricRoom'
  | 'newestBatch'
  | 'opening'
  | 'openedAt'
  | 'reached'
  | 'reserveRows'
  | 'storeId'
  | 'tableRoom';

/**
 * The catalogue in PostgreSQL, beside the points, rows and texts in ClickHouse: it keeps all that needs order and
 * transactions. It gives positions, publishes commits, and knows which runs, metrics, tables and columns there are.
 *
 * A commit: `open`, write to ClickHouse with the position, `publish`. Whatever ends in between leaves it open until
 * somebody marks it dead, and nobody ever sees a part of it.
 *
 * Everything throws `StoreError` `unavailable`, with the seconds to wait, where PostgreSQL cannot be reached. One process
 * owns the runs and writes; where it gives no sign of life, another may take over.
 */
export interface Catalogue extends Pick<Engine, Answered> {
  /**
   * The next position, for changes that `sortChanges` has sorted, with the keys of what they name. Calls are made one
   * after another, as those of `Engine.commit` are: one that is still open is dead. Throws `unavailable` where another
   * process took over.
   */
  open(changes: SortedChanges): Promise<OpenedCommit>;
  /**
   * Makes a commit seen, with everything of it that is kept here (records, columns, newest points, how far attempts came,
   * batches, events, adapter state, labels, adoptions, deletes), in one transaction, durable when it resolves. Throws
   * `unavailable`, and the commit is dead, where another process took over meanwhile. Where it is not known whether
   * PostgreSQL has it (the connection broke), it asks again until that is known.
   */
  publish(commit: OpenedCommit, changes: SortedChanges): Promise<void>;
  /** Marks an open commit dead: what was to be written beside it failed. */
  abandon(commit: OpenedCommit): Promise<void>;
  /** Reads the moment as of now, which grows with every commit of any process. */
  moment(): Promise<Moment>;
  /**
   * Sees to it that no position up to this one is given out: those that were not, are dead. ClickHouse has lines of them
   * where it is newer than PostgreSQL, which was restored from an older copy.
   */
  skipPositions(upTo: number): Promise<void>;
  /** Sees to it that `reserveRows` begins after this row; asked for with `skipPositions`. */
  skipRows(upTo: number): Promise<void>;

  /** Keys of runs, by id; those that are not there are left out. */
  runKeys(runs: readonly string[]): Promise<Map<string, number>>;
  /** Ids of runs, by key; those that are gone are left out. */
  runIds(keys: readonly number[]): Promise<Map<number, string>>;
  /** Keys of metrics, by name; names that nobody logged are left out. */
  metricKeys(names: readonly string[]): Promise<Map<string, number>>;
  metricNames(keys: readonly number[]): Promise<Map<number, string>>;
  tableKeys(names: readonly string[]): Promise<Map<string, number>>;
  tableNames(keys: readonly number[]): Promise<Map<number, string>>;
  /**
   * Reads the columns of tables, by table, in the order of their making, and by run: in the order of logging, one for
   * each type that a name was logged with. Runs without the table are left out. Without `table` all that the runs have
   * is read.
   */
  columnsOf(runs: readonly string[], table?: string): Promise<Map<string, Map<string, TableColumn[]>>>;
  /** Rows that are of a later attempt than they were written with, in the order of the commits that said so. */
  adoptions(runs: readonly string[]): Promise<Adoption[]>;
  /** Reads the labelled rollouts of some runs' table, as of a position. */
  labelled(runs: readonly string[], table: string, position: number): Promise<LabelledRollout[]>;

  /** Reads the deleted runs whose lines are still to be removed from ClickHouse, and which are seen by nobody. */
  removals(): Promise<Removal[]>;
  /** Their lines are gone. */
  removed(keys: readonly number[]): Promise<void>;

  /** Fulfilled when another process took over: nothing can be written from here any more, and what it remembers is old. */
  readonly replaced: Promise<void>;
  /** Says why nothing can be written from here, then. */
  trouble(): string | undefined;
  /** Bytes that it takes in PostgreSQL: a number, though a sum of BIGINT is NUMERIC there, which comes as text. */
  bytes(): Promise<number>;
  /** Gives back what this process owns, so that another need not wait. */
  close(): Promise<void>;
}
