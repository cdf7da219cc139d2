import type { RunEvent } from '@rolloscope/contract/types';
import type { SortedChanges } from '../../sortChanges';
import type { Keys, OpenedCommit } from './Catalogue';
import { newestOf, reachOf } from './ends';
import { markOf } from './events';
import type { Ask } from './Postgres';
import { stored } from './storedText';

/** Columns of equal length, each of a type of PostgreSQL's. */
type Lines = ReadonlyArray<readonly [type: string, values: readonly unknown[]]>;

const optional = (text: string | null | undefined) => (text === null || text === undefined ? null : stored(text));

/** Writes lines, all of a kind by one statement, in their order: `$lines` stands for them in SQL. */
async function write(ask: Ask, sql: string, lines: Lines): Promise<void> {
  if ((lines[0]?.[1].length ?? 0) > 0) {
    const from = `unnest(${lines.map(([type], i) => `$${i + 1}::${type}[]`).join(', ')})`;
    await ask(
      sql.replace('$lines', from),
      lines.map(([, values]) => values),
    );
  }
}

/** Writes all of a commit that PostgreSQL keeps, in the transaction that makes it seen. */
export async function publishChanges(ask: Ask, commit: OpenedCommit, changes: SortedChanges): Promise<void> {
  const { position, keys } = commit;
  const run = (id: string) => keys.runs.get(id);
  const table = (name: string) => keys.tables.get(name);
  await removeRuns(ask, position, changes.deleted);
  await writeRuns(ask, commit, changes);
  await writeColumns(ask, keys, changes);
  await writeEnds(ask, keys, changes);
  const { events, batches, adapterState, labels, adoptions } = changes;
  const states = [...new Map(adapterState.map((one) => [JSON.stringify([one.run, one.key]), one])).values()];
  await write(ask, 'INSERT INTO batches SELECT * FROM $lines ON CONFLICT DO NOTHING', [
    ['integer', batches.map((one) => run(one.run))],
    ['text', batches.map(({ batchId }) => stored(batchId))],
    ['bigint', batches.map(({ time }) => time)],
    ['integer', batches.map(({ accepted }) => accepted)],
  ]);
  await write(
    ask,
    'INSERT INTO events (run, id, time, type, event, mark) SELECT * FROM $lines ON CONFLICT (run, id) DO NOTHING',
    eventLines(events, run),
  );
  await write(
    ask,
    'INSERT INTO adapter_state SELECT * FROM $lines ON CONFLICT (run, key) DO UPDATE SET value = excluded.value',
    [
      ['integer', states.map((one) => run(one.run))],
      ['text', states.map(({ key }) => stored(key))],
      ['text', states.map(({ value }) => stored(value))],
    ],
  );
  await write(
    ask,
    `INSERT INTO labels (run, tbl, rollout, person, proven, star, verdict, comment, version, time, position)
     SELECT *, ${position} FROM $lines`,
    [
      ['integer', labels.map(({ rollout }) => run(rollout.run))],
      ['integer', labels.map(({ rollout }) => table(rollout.table))],
      ['text', labels.map(({ rollout }) => stored(rollout.key))],
      ['text', labels.map(({ label }) => stored(label.person))],
      ['boolean', labels.map(({ label }) => label.proven)],
      ['boolean', labels.map(({ label }) => label.star)],
      ['text', labels.map(({ label }) => optional(label.verdict))],
      ['text', labels.map(({ label }) => optional(label.comment))],
      ['integer', labels.map(({ label }) => label.version)],
      ['bigint', labels.map(({ label }) => label.time)],
    ],
  );
  await write(ask, 'INSERT INTO adoptions (run, tbl, attempt, from_row, step) SELECT * FROM $lines', [
    ['integer', adoptions.map((one) => run(one.run))],
    ['integer', adoptions.map((one) => table(one.table))],
    ['integer', adoptions.map(({ attempt }) => attempt)],
    ['bigint', adoptions.map(({ fromRow }) => fromRow)],
    ['bigint', adoptions.map(({ step }) => step)],
  ]);
}

/** What they had goes with them; their keys are kept until ClickHouse has nothing of theirs. */
async function removeRuns(ask: Ask, position: number, deleted: readonly string[]): Promise<void> {
  if (deleted.length > 0) {
    await ask(
      `WITH gone AS (DELETE FROM runs WHERE id = ANY($1) RETURNING run) INSERT INTO removals SELECT run, $2 FROM gone`,
      [deleted.map(stored), position],
    );
  }
}

/** A run of which there is no record yet has a line all the same, for its key. */
async function writeRuns(ask: Ask, { keys, freshRuns }: OpenedCommit, { records }: SortedChanges): Promise<void> {
  const byId = new Map(records.map((record) => [record.id, JSON.stringify(record)]));
  const ids = [...new Set([...freshRuns, ...byId.keys()])];
  await write(
    ask,
    `INSERT INTO runs SELECT * FROM $lines
     ON CONFLICT (run) DO UPDATE SET record = excluded.record WHERE excluded.record IS NOT NULL`,
    [
      ['integer', ids.map((id) => keys.runs.get(id))],
      ['text', ids.map(stored)],
      ['text', ids.map((id) => byId.get(id) ?? null)],
    ],
  );
}

/** The columns of each run's table, where they are new. */
async function writeColumns(ask: Ask, keys: Keys, { rows }: SortedChanges): Promise<void> {
  const found = new Map<string, [number, number, string, string, string, string | null]>();
  for (const { run, table, columns } of rows) {
    for (const { name, type, origin, role } of columns) {
      const [runKey, tableKey] = [keys.runs.get(run) ?? 0, keys.tables.get(table) ?? 0];
      const id = JSON.stringify([runKey, tableKey, name, type]);
      if (!found.has(id)) {
        found.set(id, [runKey, tableKey, stored(name), type, origin, role ?? null]);
      }
    }
  }
  const lines = [...found.values()];
  const column = (i: number) => lines.map((line) => line[i]);
  const types = ['integer', 'integer', 'text', 'text', 'text', 'text'] as const;
  await write(
    ask,
    `WITH fresh AS (
       INSERT INTO columns (run, tbl, name, type, origin, role) SELECT * FROM $lines
       ON CONFLICT (run, tbl, name, type) DO NOTHING RETURNING tbl, name, type
     )
     INSERT INTO places SELECT DISTINCT tbl, name, type FROM fresh ON CONFLICT DO NOTHING`,
    types.map((type, i) => [type, column(i)] as const),
  );
}

/** The newest points of metrics, and how far attempts came. */
async function writeEnds(ask: Ask, keys: Keys, changes: SortedChanges): Promise<void> {
  const newest = newestOf(changes.points);
  await write(
    ask,
    `INSERT INTO newest AS old (run, metric, attempt, step, time, value) SELECT * FROM $lines
     ON CONFLICT (run, metric) DO UPDATE
       SET attempt = excluded.attempt, step = excluded.step, time = excluded.time, value = excluded.value
       WHERE (excluded.attempt, coalesce(excluded.step, -9007199254740992)) >=
             (old.attempt, coalesce(old.step, -9007199254740992))`,
    [
      ['integer', newest.map(({ run }) => keys.runs.get(run))],
      ['integer', newest.map(({ metric }) => keys.metrics.get(metric))],
      ['integer', newest.map(({ attempt }) => attempt)],
      ['bigint', newest.map(({ step }) => step)],
      ['bigint', newest.map(({ time }) => time)],
      ['double precision', newest.map(({ value }) => value)],
    ],
  );
  const reach = reachOf(changes);
  await write(
    ask,
    `INSERT INTO reach AS old SELECT * FROM $lines
     ON CONFLICT (run, attempt) DO UPDATE
       SET step = greatest(old.step, excluded.step), above_zero = least(old.above_zero, excluded.above_zero),
           time = greatest(old.time, excluded.time)
       WHERE (old.step, old.above_zero, old.time) IS DISTINCT FROM
             (greatest(old.step, excluded.step), least(old.above_zero, excluded.above_zero), greatest(old.time, excluded.time))`,
    [
      ['integer', reach.map(({ run }) => keys.runs.get(run))],
      ['integer', reach.map(({ attempt }) => attempt)],
      ['bigint', reach.map(({ step }) => step)],
      ['bigint', reach.map(({ aboveZero }) => aboveZero)],
      ['bigint', reach.map(({ time }) => time)],
    ],
  );
}

function eventLines(events: readonly RunEvent[], run: (id: string) => number | undefined): Lines {
  return [
    ['integer', events.map((event) => run(event.run))],
    ['text', events.map(({ id }) => stored(id))],
    ['bigint', events.map(({ time }) => time)],
    ['text', events.map(({ type }) => stored(type))],
    ['text', events.map((event) => JSON.stringify(event))],
    ['text', events.map((event) => JSON.stringify(markOf(event)))],
  ];
}
