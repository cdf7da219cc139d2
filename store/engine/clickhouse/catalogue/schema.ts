/**
 * The tables in PostgreSQL, as numbered migrations: one is never edited after a release, only followed by another.
 *
 * - `store`: one line; the last position and the last row that were given out.
 * - `sessions`: the process that owns the runs, until a moment by PostgreSQL's clock; one at the most. `commits`: those
 *   that are open; they go with what publishes them, or become `dead`. The reference sees to it that a session that is
 *   declared dead can neither open a commit nor publish one.
 * - `runs`, `metrics`, `tables`: keys of names. `record` is missing where lines came before a record of their run.
 * - `columns`: what a run's table was logged with, in that order; `places`: the same over all runs that ever were.
 * - `newest`: the newest point of each metric of a run; `reach`: how far each attempt came.
 * - `events`: as they came, beside them what `EventMark` tells.
 * - `adoptions`: rows that are of a later attempt than ClickHouse has them with; reads go by it.
 * - `removals`: runs that are gone, whose lines ClickHouse still has.
 * - `seq`: the order of arrival.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE store (id TEXT NOT NULL, position BIGINT NOT NULL, row BIGINT NOT NULL);
  INSERT INTO store VALUES (replace(gen_random_uuid()::TEXT, '-', ''), 0, 0);

  CREATE TABLE sessions (session BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, until TIMESTAMPTZ NOT NULL);
  CREATE TABLE commits (position BIGINT PRIMARY KEY, session BIGINT NOT NULL REFERENCES sessions);
  CREATE TABLE dead (first BIGINT PRIMARY KEY, last BIGINT NOT NULL);

  CREATE SEQUENCE run_keys AS INTEGER;
  CREATE TABLE runs (run INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, record TEXT) WITH (fillfactor = 80);
  CREATE TABLE metrics (metric INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE tables (tbl INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL UNIQUE);

  CREATE TABLE columns (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, tbl INTEGER NOT NULL REFERENCES tables,
    seq BIGINT GENERATED ALWAYS AS IDENTITY, name TEXT NOT NULL, type TEXT NOT NULL, origin TEXT NOT NULL, role TEXT,
    PRIMARY KEY (run, tbl, name, type)
  );
  CREATE TABLE places (tbl INTEGER NOT NULL REFERENCES tables, name TEXT NOT NULL, type TEXT NOT NULL,
    PRIMARY KEY (tbl, name, type));
  CREATE TABLE newest (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, metric INTEGER NOT NULL,
    seq BIGINT GENERATED ALWAYS AS IDENTITY, attempt INTEGER NOT NULL, step BIGINT, time BIGINT NOT NULL,
    value DOUBLE PRECISION NOT NULL, PRIMARY KEY (run, metric)
  ) WITH (fillfactor = 70);
  CREATE TABLE reach (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, attempt INTEGER NOT NULL, step BIGINT, above_zero BIGINT,
    time BIGINT NOT NULL, PRIMARY KEY (run, attempt)
  ) WITH (fillfactor = 70);

  CREATE TABLE batches (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, batch TEXT NOT NULL, time BIGINT NOT NULL,
    accepted INTEGER NOT NULL, PRIMARY KEY (run, batch)
  );
  CREATE INDEX ON batches (time);
  CREATE TABLE events (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, id TEXT NOT NULL, time BIGINT NOT NULL, type TEXT NOT NULL,
    seq BIGINT GENERATED ALWAYS AS IDENTITY, event TEXT NOT NULL, mark TEXT NOT NULL, PRIMARY KEY (run, id)
  );
  CREATE INDEX ON events (time, seq);
  CREATE TABLE adapter_state (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)
  );
  CREATE TABLE labels (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, tbl INTEGER NOT NULL REFERENCES tables,
    rollout TEXT NOT NULL, seq BIGINT GENERATED ALWAYS AS IDENTITY, person TEXT NOT NULL, proven BOOLEAN NOT NULL,
    star BOOLEAN NOT NULL, verdict TEXT, comment TEXT, version INTEGER NOT NULL, time BIGINT NOT NULL,
    position BIGINT NOT NULL, PRIMARY KEY (run, tbl, rollout, seq)
  );
  CREATE TABLE adoptions (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, seq BIGINT GENERATED ALWAYS AS IDENTITY,
    tbl INTEGER NOT NULL REFERENCES tables, attempt INTEGER NOT NULL, from_row BIGINT NOT NULL, step BIGINT NOT NULL,
    PRIMARY KEY (run, seq)
  );
  CREATE TABLE removals (run INTEGER PRIMARY KEY, position BIGINT NOT NULL);
  `,
];
