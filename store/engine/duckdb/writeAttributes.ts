import { BIGINT, type DuckDBConnection, INTEGER, listValue, VARCHAR } from '@duckdb/node-api';
import type { RunEvent } from '@rolloscope/contract/types';
import type { RunRecord } from '../Engine';
import type { AdapterStateChange, BatchChange } from '../sortChanges';
import { appendColumns } from './appendColumns';
import type { Layout } from './Layout';
import { query } from './query';

/*
 * All that a commit has besides points and rows is written here. A statement costs a millisecond, and hundreds of runs
 * log in one commit: so each kind is written by one append, however many lines it has.
 */

export async function writeBatches(
  connection: DuckDBConnection,
  layout: Layout,
  batches: readonly BatchChange[],
): Promise<void> {
  const at = (i: number) => batches[i] as BatchChange;
  await appendColumns(
    connection,
    'batches',
    [
      { type: INTEGER, value: (i) => layout.runs.keyOf(at(i).run) },
      { type: VARCHAR, value: (i) => at(i).batchId },
      { type: BIGINT, value: (i) => BigInt(at(i).time) },
      { type: INTEGER, value: (i) => at(i).accepted },
    ],
    batches.length,
  );
}

/** Writes what adapters remember, the last of a key; what was there before goes. */
export async function writeAdapterState(
  connection: DuckDBConnection,
  layout: Layout,
  changes: readonly AdapterStateChange[],
): Promise<void> {
  if (changes.length === 0) {
    return;
  }
  const last = new Map(changes.map((state) => [`${layout.runs.keyOf(state.run)} ${state.key}`, state]));
  const states = [...last.values()];
  const runs = [...new Set(states.map(({ run }) => layout.runs.keyOf(run)))].join(', ');
  const known = await query(connection, `SELECT run, key, rowid::DOUBLE FROM notes WHERE run IN (${runs})`);
  const names = known.at<string>(1);
  const replaced = known.at<number>(2).filter((_, i) => last.has(`${known.at<number>(0)[i]} ${names[i]}`));
  if (replaced.length > 0) {
    await connection.run(`DELETE FROM notes WHERE rowid IN (${replaced.join(', ')})`);
  }
  const at = (i: number) => states[i] as AdapterStateChange;
  await appendColumns(
    connection,
    'notes',
    [
      { type: INTEGER, value: (i) => layout.runs.keyOf(at(i).run) },
      { type: VARCHAR, value: (i) => at(i).key },
      { type: VARCHAR, value: (i) => at(i).value },
    ],
    states.length,
  );
}

/** Writes events whose run has none of that id yet. */
export async function writeEvents(
  connection: DuckDBConnection,
  layout: Layout,
  events: readonly RunEvent[],
): Promise<void> {
  if (events.length === 0) {
    return;
  }
  const idOf = (run: number, id: string) => `${run} ${id}`;
  const taken = new Set<string>();
  const asked = events.filter(({ run }) => !layout.runs.isFresh(run));
  if (asked.length > 0) {
    // Only these are looked for: a run may have any number of others.
    const known = await query(
      connection,
      `SELECT run, id FROM events
       WHERE (run, id) IN (SELECT (unnest($1::INTEGER[]), unnest($2::VARCHAR[])))`,
      [listValue(asked.map(({ run }) => layout.runs.keyOf(run))), listValue(asked.map(({ id }) => id))],
    );
    known.at<number>(0).forEach((run, i) => {
      taken.add(idOf(run, known.at<string>(1)[i] ?? ''));
    });
  }
  const fresh = events.filter(({ run, id }) => {
    const key = idOf(layout.runs.keyOf(run), id);
    const isNew = !taken.has(key);
    taken.add(key);
    return isNew;
  });
  const at = (i: number) => fresh[i] as RunEvent;
  await appendColumns(
    connection,
    'events',
    [
      { type: INTEGER, value: (i) => layout.runs.keyOf(at(i).run) },
      { type: VARCHAR, value: (i) => at(i).id },
      { type: BIGINT, value: (i) => BigInt(at(i).time) },
      { type: VARCHAR, value: (i) => at(i).type },
      { type: VARCHAR, value: (i) => JSON.stringify(at(i)) },
    ],
    fresh.length,
  );
}

/** A script that takes away the records of runs that get new ones. */
export function replacementSql(layout: Layout, records: readonly RunRecord[]): string {
  const replaced = records.filter(({ id }) => !layout.runs.isFresh(id)).map(({ id }) => layout.runs.keyOf(id));
  return replaced.length > 0 ? `DELETE FROM runs WHERE run IN (${replaced.join(', ')});` : '';
}

export async function writeRecords(
  connection: DuckDBConnection,
  layout: Layout,
  records: readonly RunRecord[],
): Promise<void> {
  await appendColumns(
    connection,
    'runs',
    [
      { type: INTEGER, value: (i) => layout.runs.keyOf(records[i]?.id ?? '') },
      { type: VARCHAR, value: (i) => records[i]?.id ?? null },
      { type: VARCHAR, value: (i) => JSON.stringify(records[i]) },
    ],
    records.length,
  );
}

/** Writes the names that got keys in this commit. */
export async function writeNames(connection: DuckDBConnection, layout: Layout): Promise<void> {
  for (const [table, names] of [
    ['metrics', layout.metrics.pending()],
    ['tables', layout.tableNames.pending()],
  ] as const) {
    await appendColumns(
      connection,
      table,
      [
        { type: INTEGER, value: (i) => names[i]?.[1] ?? null },
        { type: VARCHAR, value: (i) => names[i]?.[0] ?? null },
      ],
      names.length,
    );
  }
}
