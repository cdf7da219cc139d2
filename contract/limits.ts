/**
 * The amounts that every store promises to take, and beyond which a request is refused. A store may take more, never less.
 * Beyond a limit the answer is `limit_exceeded` (400) or `body_too_large` (413), and it names the limit.
 */
export const LIMITS = {
  /** Bytes of the body of a call that writes, after decompression. */
  bodyBytes: 32 * 1024 * 1024,
  /** The same of a call that reads. */
  queryBytes: 2 * 1024 * 1024,
  /** The same of a call that describes a run; also of all that a run is described with over its calls, as JSON. */
  runBytes: 4 * 1024 * 1024,
  /** Keys of a run's config, nested ones counted, over all calls. */
  configKeys: 20_000,
  /** Names of metrics of one run, over all that it logs. */
  metrics: 50_000,
  /** The same over all runs that a store ever had: a name is kept for good, so runs share theirs. */
  metricsOfAllRuns: 1_000_000,
  /** Entries in one log call. */
  entries: 10_000,
  /** Rows on one page. */
  pageRows: 1_000,
  /** UTF-8 bytes of one cell. */
  cellBytes: 4 * 1024 * 1024,
  /** Unicode characters of an id or a name. */
  nameChars: 256,
  /** Columns of one table of a run, over all that it logs. */
  columns: 500,
  /** The same over all runs, each with each type that it was logged with: a table of one run, and what is derived. */
  columnsOfAllRuns: 530,
  /** Columns of one log call, over all of its tables: each that is new is made, and a commit keeps others waiting. */
  columnsOfCall: 5_000,
  /** Columns of a store, over all tables, each with each type that it was logged with. */
  columnsOfAllTables: 20_000,
  /** Attempts of one run; a return to an earlier step after that logs the steps again within the last one. */
  attempts: 500,
  /** Tables of one run. */
  tables: 200,
  /** Tables of a store by name, over all runs. */
  tablesOfAllRuns: 2_000,
  /**
   * Bytes of memory for what is known of all runs of a store: about 150 a metric of a run, 100 a column of its tables, and
   * of what a run is described with 50 a key, twice its JSON, and 2,000. What would need more is refused until runs are
   * deleted; those that are there go on.
   */
  memoryOfAllRuns: 512 * 1024 * 1024,
  /** Bytes of an image or a sound: as many as a log call may bring. */
  mediaBytes: 32 * 1024 * 1024,
  /**
   * Pixels of an image, over all pictures of one that moves: a page scanned at 600 dpi has 35 million. A browser takes
   * four bytes for each to show it, however few they are packed in.
   */
  mediaPixels: 40_000_000,
  /** Images and sounds in the cells of one log call, equal ones counted once: each is a file that is waited for. */
  mediaOfCall: 2_000,
  /** Images and sounds of one run; what is logged beyond is left out, and told. */
  mediaOfRun: 100_000,
  /** The same over all runs of a store: about 400 bytes of memory are kept of each. */
  mediaOfAllRuns: 500_000,
  /** Bytes of the images and sounds of one run. */
  mediaBytesOfRun: 16 * 1024 * 1024 * 1024,
  /** The same over all runs of a store, each counted once. */
  mediaBytesOfAllRuns: 128 * 1024 * 1024 * 1024,
  /** Characters of what is said of an image in words. */
  altChars: 1_000,
  /** Columns that one request may ask the facets of. */
  facetColumns: 50,
  /** Unicode characters of a comment on a rollout. */
  commentChars: 4_000,
  /** Bytes of the body of a call that labels. */
  labelBytes: 64 * 1024,
  /** Changes of the labels of one rollout, over all people and all time: each is kept. */
  labelsOfRollout: 1_000,
  /** The same of all rollouts of a run. */
  labelsOfRun: 100_000,
  /** Series in one answer; further ones are left out and the answer says `truncated`. */
  series: 500,
  /** Points of one series in one answer. */
  points: 100_000,
  /** Runs in one selection. */
  runs: 1_000,
  /** Entries of a list answer (runs, keys, values, metrics). */
  listEntries: 1_000,
  /** Bins along one axis of a distribution. */
  bins: 200,
  /** Events in one answer or one log call. */
  events: 1_000,
  /** Conditions in a filter, and values in an `in`. */
  conditions: 500,
  /** Seconds that reading from the database may take for one answer; one that takes longer is `query_too_slow`. */
  readSeconds: 30,
  /** Characters of a search text or pattern. */
  searchChars: 1_000,
  /**
   * Steps of the patterns of one request: about one a character or class that a pattern has, times how often it is
   * repeated. Each of them may be looked at for each character of a text.
   */
  patternSteps: 2_000,
} as const;
