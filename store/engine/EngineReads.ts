import type {
  ColumnType,
  Condition,
  Filter,
  Lens,
  OrderBy,
  RunEvent,
  Search,
  StepRange,
  TimeRange,
} from '@rolloscope/contract/types';
import type { TableColumn } from './TableColumn';

/** Steps of which a run's points count that are of this attempt or a later one; inclusive, null is without end. */
export interface EffectiveSpan {
  attempt: number;
  from: number | null;
  to: number | null;
}

/** The part of a run that is read by default, where it went back or logged a step twice. */
export interface Effective {
  /** All steps, in their order. */
  spans: EffectiveSpan[];
  /** Steps at which an attempt resumed: of each metric and table there, only what the newest attempt logged is read. */
  sharedSteps: number[];
}

/** A run to read. Without `effective` everything in it is read and no step came twice, so nothing is paid for that. */
export interface RunScope {
  run: string;
  /** The run's name to whoever asks, where that is not its id: in answers, filters and orders. */
  as?: string;
  effective?: Effective;
  /** Metrics made of its rows: of each step the last point counts, also by time. */
  rowMetrics?: readonly string[];
}

export interface SeriesQuery {
  scopes: RunScope[];
  metrics: string[];
  /** A metric: only points at steps at which it has one too are read. */
  at?: string;
  x: 'step' | 'time';
  steps?: StepRange;
  times?: TimeRange;
  maxPoints: number;
  reduce: 'extremes' | 'mean' | 'last' | 'none';
  /** True where superseded points are read, too, one series an attempt. */
  everyAttempt: boolean;
  /** Name of the group of each run: members are joined by step into mean and spread. */
  groups?: Map<string, string>;
  position: number;
  /** A position: only what changed after it is read. */
  since?: number;
}

/** Columns of equal length, ordered by x. */
export interface SeriesData {
  run: string;
  metric: string;
  group?: string;
  attempt?: number;
  step: (number | null)[];
  time: number[];
  value: number[];
  spread?: number[];
  from?: number;
  totalPoints: number;
}

export interface SeriesResult {
  series: SeriesData[];
  /** True where, with `since`, a bucket width changed, so that a whole read is needed. */
  reset: boolean;
}

/** A question for rows of one table; the names in `filter` and `search` are columns of `TableSummary`. */
export interface RowQuery {
  scopes: RunScope[];
  table: string;
  latest: boolean;
  steps?: StepRange;
  times?: TimeRange;
  filter?: Filter;
  search?: Exclude<Search, string>;
  lens?: LensQuery;
  position: number;
  since?: number;
}

/** Columns in the roles that lenses go by. */
export interface LensColumns {
  reward?: string;
  correct?: string;
  groupId?: string;
  truncated?: string;
  /** Columns of reward functions. */
  parts: string[];
}

/** A lens, which tells what is worth reading of a selection; only asked for where the table has what it needs. */
export interface LensQuery {
  name: Lens;
  columns: LensColumns;
  /** The baseline of each run that has one. */
  baselines: Array<{ run: string; scope: RunScope }>;
}

/** The values of a column, counted. `min` and `max` are of finite numbers. */
export interface FacetData {
  nulls: number;
  distinct: number;
  min: number | null;
  max: number | null;
  values: Array<{ value: unknown; rows: number }>;
}

/** A question about a selection of rows, by which it is narrowed. */
export interface FacetQuery {
  columns: string[];
  /** Values of each column at the most. */
  values: number;
  /** A text: only values that contain it are given, ignoring case. */
  like?: string;
  lenses: LensQuery[];
}

export interface Facets {
  /** One for each column. */
  columns: FacetData[];
  /** The rows that each lens would leave of the selection without one, counted. */
  lenses: number[];
  /** Rows of the selection. */
  total: number;
}

export interface RowPage {
  rows: unknown[][];
  /** Numbers that `rowById` knows. */
  ids: number[];
  cut: Array<[row: number, column: number, length: number]>;
}

/** A page, and how many rows match over all pages. */
export interface CountedPage extends RowPage {
  total: number;
  /** One a row, where it was asked for. */
  groupSpread?: (number | null)[];
}

/** The parts of a page beside its cells. */
export interface PageExtras {
  preview?: number;
  /** Columns by which to tell the spread of each row's group. */
  groupSpread?: LensColumns;
}

/**
 * The identity of a row, whatever number it has: rows of one run, table and step that are alike in prompt and response
 * are one rollout (where there is no response, in all that was logged), also when they are logged again.
 */
export interface Rollout {
  run: string;
  table: string;
  /** The step and the content, in the engine's own form. */
  key: string;
}

/** A label as it was left by a change. Neither star, verdict nor comment: it was taken back. */
export interface LabelEntry {
  person: string;
  proven: boolean;
  star: boolean;
  verdict: string | null;
  comment: string | null;
  /** Counts the changes of this person to this rollout, from 1. */
  version: number;
  time: number;
}

/** Rows in order, and how many characters of text each has. */
export interface RowNumbers {
  rows: Float64Array;
  chars: Float64Array;
}

export interface TableSummary {
  name: string;
  /** Union over the runs, in the order of logging; a name with several types is json. */
  columns: TableColumn[];
  rows: number;
  firstStep: number | null;
  lastStep: number | null;
  updatedAt: number;
}

export interface MetricSummary {
  name: string;
  runs: number;
  points: number;
  firstStep: number | null;
  lastStep: number | null;
  lastTime: number;
  last: number;
  min: number | null;
  max: number | null;
}

export interface LatestPoint {
  attempt: number;
  step: number | null;
  time: number;
  value: number;
}

/** The newest point of each metric of a run, by name, in the order of first logging. */
export interface LatestOfRun {
  run: string;
  /** The number of metrics. */
  count: number;
  /** Made of numbers that are held when it is called: most runs of a store are never asked about. */
  points(): Map<string, LatestPoint>;
}

/** A point by what tells it from others. */
export interface MetricPoint {
  metric: string;
  time: number;
  value: number;
}

/** The reach of an attempt of a run. */
export interface AttemptReach {
  run: string;
  attempt: number;
  /** Its highest step; null without any. */
  step: number | null;
  /** Its lowest step above 0; null without any. */
  aboveZero: number | null;
  /** Its newest moment, epoch milliseconds. */
  time: number;
}

/** The newest points of a metric of a run, so many of them. */
export interface NewestAsk {
  run: string;
  metric: string;
  count: number;
}

/** A logged point with the commit it came with. */
export interface ArrivedPoint {
  metric: string;
  attempt: number;
  step: number | null;
  time: number;
  value: number;
  position: number;
}

export type TimeAggregate = 'avg' | 'count' | 'dev' | 'first' | 'last' | 'max' | 'min' | 'sum' | { quantile: number };

/** One metric of one run. */
export interface RunMetric {
  scope: RunScope;
  metric: string;
}

export interface TimeSeriesQuery {
  wanted: RunMetric[];
  times: TimeRange;
  position: number;
  /** One point a bucket: so many milliseconds wide and anchored at the epoch, or (infinite) one for all. */
  bucket?: { width: number; aggregate: TimeAggregate };
  /** The part of each point that is read; the default is its value. */
  read?: 'value' | 'step' | 'time';
  /** Points over all series at the most. */
  limit: number;
}

/** Columns of equal length, times ascending, each once: of several points at one time it is the last. */
export interface TimeSeries {
  run: string;
  metric: string;
  time: Float64Array;
  value: Float64Array;
}

export interface TimeSeriesResult {
  /** Those that have points. */
  series: TimeSeries[];
  /** The number of points, or about as many, where that is more than the limit: none is read then. */
  tooMany?: number;
}

/**
 * An event's mark for flags: all but its texts, and of its values those that are texts; `reference` is the last step of
 * its `referenceSteps`.
 */
export type EventMark = Pick<RunEvent, 'id' | 'run' | 'type' | 'time' | 'step' | 'title' | 'text'> & {
  values: { metric?: string; kind?: string; closes?: string; task?: string; reference?: number };
};

export interface HistogramData {
  edges: number[];
  steps: Array<{
    from: number;
    to: number;
    counts: number[];
    n: number;
    nulls: number;
    /** Null where no column tells which rollouts failed. */
    failed: number | null;
    mean: number | null;
    sd: number | null;
    min: number | null;
    max: number | null;
    quantiles: number[] | null;
  }>;
  total: number;
}

export interface GridData {
  edges: number[];
  byEdges: number[];
  counts: number[][];
  total: number;
}

export interface GroupData {
  key: string;
  /** Number of its first row. */
  first: number;
  promptHash: string | null;
  prompt: string | null;
  firstStep: number | null;
  lastStep: number | null;
  n: number;
  /** Null where no column tells which rollouts failed. */
  failed: number | null;
  mean: number | null;
  sd: number | null;
  min: number | null;
  max: number | null;
  best: number | null;
  worst: number | null;
}

/** Columns in their roles, for groups. */
export interface GroupColumns {
  reward: string;
  groupId?: string;
  prompt?: string;
}

/** The number of names that metrics have, over all runs that ever were, and those asked about that are among them. */
export interface MetricRoom {
  names: number;
  known: ReadonlySet<string>;
}

/** The tables and columns of a store, counted. A column counts once for each type that it was logged with. */
export interface TableRoom {
  /** Tables of all runs. */
  tables: number;
  /** Tables of the run that was asked about. */
  tablesOfRun: number;
  /** Columns of the table; 0 where there is none. */
  columns: number;
  /** Columns of all tables. */
  columnsOfAll: number;
  has(column: TableColumn): boolean;
}

/**
 * The reading half of an engine. Names in, values out: which project may see what, what is missing and how it is said
 * over HTTP is decided above. Every read shows the moment `position`. What a commit may have changed is a promise, since
 * the commit may be another process's.
 */
export interface EngineReads {
  /** Names this store among others; commit positions and row ids of another one are refused. */
  readonly storeId: string;
  /** The position at which it was opened, and a name for that opening: all else of a position's past may be another's. */
  readonly openedAt: number;
  readonly opening: string;
  /** Everything that is committed, as of now; grows with every commit. */
  position(): Promise<number>;
  series(query: SeriesQuery): Promise<SeriesResult>;
  /** Metrics of runs by wall time; values that are not finite are left out. */
  timeSeries(query: TimeSeriesQuery): Promise<TimeSeriesResult>;
  metricSummaries(scopes: RunScope[], metrics: string[]): Promise<MetricSummary[]>;
  /** The newest point of every metric of every run that has any (by attempt, then step, then arrival). */
  latestPoints(): Promise<LatestOfRun[]>;
  /**
   * Reads the newest points of runs' metrics by arrival, of every attempt, by run and in the order of arrival: those
   * that were there at a position. Each metric of a run is asked for once. Returns undefined where there are more than
   * `most`.
   */
  newestPoints(
    asked: readonly NewestAsk[],
    position: number,
    most?: number,
  ): Promise<Map<string, ArrivedPoint[]> | undefined>;
  /** Finds which of some points, by their places in the list, a run has in any of its attempts. */
  knownPoints(run: string, asked: readonly MetricPoint[]): Promise<Set<number>>;
  /** Reads how far every attempt of every run came. */
  reached(): Promise<AttemptReach[]>;
  tableSummaries(scopes: RunScope[]): Promise<TableSummary[]>;
  /** The columns of a table, over the runs; a name with several types is json. */
  tableColumns(runs: string[], table: string): Promise<TableColumn[]>;
  /** The tables of a run, with its columns. */
  tablesOf(run: string): Promise<Array<{ name: string; columns: TableColumn[] }>>;
  /** Each name costs memory. */
  metricRoom(metrics: readonly string[]): Promise<MetricRoom>;
  /** Columns of all tables of all runs: each takes memory. */
  columnCount(): Promise<number>;
  /** Each table, and each column, costs memory. */
  tableRoom(run: string, table: string): Promise<TableRoom>;
  /** Says why a pattern is not valid here; returns undefined when it is. */
  patternFault(pattern: string): Promise<string | undefined>;
  countRows(query: RowQuery): Promise<number>;
  rows(
    query: RowQuery,
    page: { columns: string[]; orderBy: OrderBy; offset: number; limit: number } & PageExtras,
  ): Promise<CountedPage>;
  /** Reads every matching row's number, in order: an export walks along them. */
  rowNumbers(query: RowQuery, orderBy: OrderBy): Promise<RowNumbers>;
  /**
   * Rows by number, in the order of `rows`; deleted ones are left out. Whole, unless `preview` cuts texts; with the labels of
   * a `position`, else of now.
   */
  rowsByNumber(
    table: string,
    scopes: RunScope[],
    rows: ArrayLike<number>,
    columns: string[],
    options?: { preview?: number; position?: number },
  ): Promise<RowPage>;
  /** One row by its number, uncut. */
  rowById(
    row: number,
  ): Promise<
    { run: string; table: string; step: number | null; time: number; cells: Record<string, unknown> } | undefined
  >;
  /** Finds the rollout that the row of that number is; returns undefined where there is none. */
  rolloutOf(row: number): Promise<Rollout | undefined>;
  /** Counts the rows that are the rollout. */
  rowsOfRollout(rollout: Rollout): Promise<number>;
  /** Reads all that was ever said of a rollout, oldest first. */
  labelsOf(rollout: Rollout): Promise<LabelEntry[]>;
  /** Changes of labels of a run, ever. */
  labelCount(run: string): Promise<number>;
  /** Reads the position of the last change of a label of some runs' table; 0 for none, which costs no statement. */
  labelledAt(runs: readonly string[], table: string): Promise<number>;
  histogram(query: RowQuery, column: string, bins: number): Promise<HistogramData>;
  grid(query: RowQuery, column: string, by: string, bins: number, byBins: number): Promise<GridData>;
  facets(query: RowQuery, asked: FacetQuery): Promise<Facets>;
  groups(query: RowQuery, columns: GroupColumns): Promise<GroupData[]>;
  events(query: { runs?: string[]; from?: number; to?: number; types?: string[]; limit: number }): Promise<RunEvent[]>;
  /** The first `limit` by time of those types. However long the texts of events are, their marks are short. */
  eventMarks(query: { runs: string[]; types: string[]; limit: number }): Promise<EventMark[]>;
  /** Bytes that each run takes, estimated from its points and texts. */
  bytesOfRuns(): Promise<Array<{ run: string; bytes: number }>>;
}

export type { ColumnType, Condition };
