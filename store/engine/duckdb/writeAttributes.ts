import { BIGINT, type DuckDBConnection, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { RunEvent } from '@rolloscope/contract/types';
import type { Change, RunRecord } from '../Engine';
import { appendColumns } from './appendColumns';
import { query } from './Database';
import type { Layout } from './Layout';

/*
 * What a commit has besides points and rows. A statement costs a millisecond, and hundreds of runs log in one commit:
 * so each kind is written by one append, however many lines it has.
 */

export type BatchChange = Extract<Change, { kind: 'batch' }>;

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
  const runs = [...new Set(events.map(({ run }) => layout.runs.keyOf(run)))];
  const known = await query(connection, `SELECT run, id FROM events WHERE run IN (${runs.join(', ')})`);
  const taken = new Set(known.at<number>(0).map((run, i) => idOf(run, known.at<string>(1)[i] ?? '')));
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

export async function writeRecords(
  connection: DuckDBConnection,
  layout: Layout,
  records: readonly RunRecord[],
): Promise<void> {
  if (records.length === 0) {
    return;
  }
  const keys = records.map(({ id }) => layout.runs.keyOf(id));
  await connection.run(`DELETE FROM runs WHERE run IN (${keys.join(', ')})`);
  await appendColumns(
    connection,
    'runs',
    [
      { type: INTEGER, value: (i) => keys[i] ?? null },
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
        { type: INTEGER, value: (i) => names[i]?.[0] ?? null },
        { type: VARCHAR, value: (i) => names[i]?.[1] ?? null },
      ],
      names.length,
    );
  }
}
