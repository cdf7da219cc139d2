/** The settings with which tables are made. */
export interface Placing {
  /** Server settings of every table, as they stand in a statement. */
  settings: string;
}

/** Inserts whose tokens are remembered. */
const TOKENS = 10_000;

/** What is acknowledged is on the disk, and what is sent again is there once. */
export const PLACING: Placing = {
  settings: `non_replicated_deduplication_window = ${TOKENS}, fsync_after_insert = 1, fsync_part_directory = 1`,
};

/** Characters of a text that stand beside its row; see `rows`. */
export const INLINE_CHARS = 256;

/** A step that is none, where steps are ordered. */
export const NO_STEP = '-9223372036854775808';

/**
 * The tables in the database, as numbered migrations: one is never edited after a release, only followed by another.
 *
 * - `points`: a line a point. `run` and `metric` are keys of the catalogue; `position` is the commit that a line came with,
 *   `seq` the order of logging over all commits.
 * - `rows`: a line a logged row, of all tables. Cells are in maps by the names of their columns, a map for each type, so
 *   that nothing is to be made when a column comes; a cell that is null is not there. Text and JSON are in one map, whose
 *   names begin with `s` or `j`: `heads` has the first characters of each, `chars` how many there are, `texts` the whole of
 *   each longer one. Pages never read `texts`.
 *
 * Runs that are deleted have no key any more. Their lines are removed later; nobody finds them.
 */
export const MIGRATIONS: ReadonlyArray<(placing: Placing) => readonly string[]> = [
  ({ settings }) => [
    `CREATE TABLE IF NOT EXISTS points (
       run UInt32, metric UInt32, attempt UInt32, step Nullable(Int64) CODEC(ZSTD(1)), time Int64 CODEC(Delta, ZSTD(1)),
       value Float64 CODEC(ZSTD(1)), seq UInt64 CODEC(Delta, ZSTD(1)), position UInt64 CODEC(Delta, ZSTD(1))
     ) ENGINE = MergeTree ORDER BY (run, metric, ifNull(step, ${NO_STEP}), seq) SETTINGS ${settings}`,
    `CREATE TABLE IF NOT EXISTS rows (
       run UInt32, tableKey UInt32, row UInt64, attempt UInt32, entryStep Nullable(Int64), step Nullable(Int64),
       time Int64 CODEC(Delta, ZSTD(1)), position UInt64 CODEC(Delta, ZSTD(1)),
       numbers Map(LowCardinality(String), Float64) CODEC(ZSTD(1)), booleans Map(LowCardinality(String), Bool),
       heads Map(LowCardinality(String), String) CODEC(ZSTD(1)), chars Map(LowCardinality(String), UInt32) CODEC(ZSTD(1)),
       texts Map(LowCardinality(String), String) CODEC(ZSTD(1)),
       INDEX byRow row TYPE minmax GRANULARITY 1
     ) ENGINE = MergeTree ORDER BY (tableKey, run, row) SETTINGS index_granularity = 1024, ${settings}`,
  ],
];
