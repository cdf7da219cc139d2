/**
 * The tables in the database, as numbered migrations: one is never edited after a release, only followed by another.
 *
 * - `points`: one line a point, in the order of logging; names are in `runs` and `metrics`, keys are small integers.
 * - `rows_<k>`: one table per logged table name, over all runs. Columns are typed and physical, because filters and
 *   orders over them are twenty times faster than over JSON. One logged name has one physical column per type it was
 *   logged with (`places`); `columns` says which of them a run uses, so a type conflict between runs rewrites nothing.
 *   A string column holds at most `INLINE_CHARS` characters, beside it `<column>_n` the full length in characters.
 * - `texts_<k>`: the whole of every longer string, in a column of the same name; no line where a row has none. Pages
 *   never read it.
 * - `notes`: the state of adapters, what one must remember of a run (how far it has read), one line a key. Only a
 *   migration could call it otherwise.
 * - `labels`: what people say of rollouts, a line a change, never changed; `labelled`: which rows a labelled rollout is. See
 *   `labels.ts`.
 * - `ends`: the last position and row at the last delete, since what tells them otherwise may have been deleted; and the
 *   position of a later commit that wrote neither points nor rows. So the last position is that of the last commit.
 * - `peaks`: of every 256 steps of a series the first, lowest, highest, last and first non-finite point, so that a chart
 *   of a million points reads a few thousand; `points` of a line counts its bucket, 0 in all lines but one. `time_peaks`: the
 *   same by time, in buckets of `2 ** shift` milliseconds. `newest`: the newest point of a series. `reaches`: how far an
 *   attempt came. All four are derived from `points`, with lines of their own for what came together; see `rollUp.ts`.
 *   `rolled`: the positions up to which they were filled, one a go.
 * - `position`: the commit a line came with. `row` grows with every row of the store, over all tables.
 */
export const INLINE_CHARS = 256;

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE store (id VARCHAR NOT NULL, createdAt BIGINT NOT NULL);
  CREATE TABLE ends (position BIGINT NOT NULL, row BIGINT NOT NULL);
  INSERT INTO ends VALUES (0, 0);
  CREATE TABLE runs (run INTEGER NOT NULL, id VARCHAR NOT NULL, record VARCHAR NOT NULL);
  CREATE TABLE metrics (metric INTEGER NOT NULL, name VARCHAR NOT NULL);
  CREATE TABLE tables (tbl INTEGER NOT NULL, name VARCHAR NOT NULL);
  CREATE TABLE places (tbl INTEGER NOT NULL, name VARCHAR NOT NULL, type VARCHAR NOT NULL, physical VARCHAR NOT NULL);
  CREATE TABLE columns (
    tbl INTEGER NOT NULL, run INTEGER NOT NULL, ordinal INTEGER NOT NULL, name VARCHAR NOT NULL,
    type VARCHAR NOT NULL, origin VARCHAR NOT NULL, role VARCHAR, physical VARCHAR NOT NULL
  );
  CREATE TABLE points (
    run INTEGER NOT NULL, metric INTEGER NOT NULL, attempt INTEGER NOT NULL,
    step BIGINT, time BIGINT NOT NULL, value DOUBLE NOT NULL, position BIGINT NOT NULL
  );
  CREATE TABLE events (run INTEGER NOT NULL, id VARCHAR NOT NULL, time BIGINT NOT NULL, type VARCHAR NOT NULL,
    event VARCHAR NOT NULL);
  CREATE TABLE batches (run INTEGER NOT NULL, batchId VARCHAR NOT NULL, time BIGINT NOT NULL, accepted INTEGER NOT NULL);
  `,
  `
  CREATE TABLE peaks (
    run INTEGER NOT NULL, metric INTEGER NOT NULL, attempt INTEGER NOT NULL,
    step BIGINT NOT NULL, time BIGINT NOT NULL, value DOUBLE NOT NULL, position BIGINT NOT NULL, points INTEGER NOT NULL
  );
  CREATE TABLE rolled (position BIGINT NOT NULL);
  `,
  'CREATE TABLE notes (run INTEGER NOT NULL, key VARCHAR NOT NULL, value VARCHAR NOT NULL);',
  `
  CREATE TABLE labels (
    run INTEGER NOT NULL, tbl INTEGER NOT NULL, rollout VARCHAR NOT NULL, person VARCHAR NOT NULL, proven BOOLEAN NOT NULL,
    star BOOLEAN NOT NULL, verdict VARCHAR, comment VARCHAR, version INTEGER NOT NULL, time BIGINT NOT NULL,
    position BIGINT NOT NULL
  );
  CREATE TABLE labelled (run INTEGER NOT NULL, tbl INTEGER NOT NULL, rollout VARCHAR NOT NULL, row BIGINT NOT NULL);
  `,
  // All of them are filled anew, as if nothing had been: one list of positions is for all.
  `
  DELETE FROM peaks;
  DELETE FROM rolled;
  CREATE TABLE time_peaks (
    run INTEGER NOT NULL, metric INTEGER NOT NULL, attempt INTEGER NOT NULL,
    step BIGINT, time BIGINT NOT NULL, value DOUBLE NOT NULL, position BIGINT NOT NULL, points INTEGER NOT NULL,
    shift INTEGER NOT NULL
  );
  CREATE TABLE newest (
    run INTEGER NOT NULL, metric INTEGER NOT NULL, attempt INTEGER NOT NULL,
    step BIGINT, time BIGINT NOT NULL, value DOUBLE NOT NULL
  );
  CREATE TABLE reaches (
    run INTEGER NOT NULL, attempt INTEGER NOT NULL, step BIGINT, time BIGINT NOT NULL, aboveZero BIGINT,
    points BIGINT NOT NULL
  );
  `,
];

/** Tables that hold nothing that is not in `points`. */
export const DERIVED = ['peaks', 'time_peaks', 'newest', 'reaches', 'rolled'] as const;

/** Makes `rows_<k>` and `texts_<k>`, with the logged and derived columns known by then; others are added. */
export function tableDdl(tbl: number, columns: { rows: readonly string[]; texts: readonly string[] }): string {
  return `
  CREATE TABLE rows_${tbl} (
    row BIGINT NOT NULL, run INTEGER NOT NULL, attempt INTEGER NOT NULL, entryStep BIGINT,
    step BIGINT, time BIGINT NOT NULL, position BIGINT NOT NULL${columns.rows.map((one) => `, ${one}`).join('')}
  );
  CREATE TABLE texts_${tbl} (row BIGINT NOT NULL, run INTEGER NOT NULL${columns.texts.map((one) => `, ${one}`).join('')});
  `;
}
