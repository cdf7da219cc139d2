import { type DuckDBConnection, listValue } from '@duckdb/node-api';
import type { Layout } from '../Layout';
import { query, queryChunks } from '../query';

/** Hands on the ids of all batches of some runs. */
export async function readBatchIds(
  connection: DuckDBConnection,
  layout: Layout,
  runs: readonly string[],
  take: (run: string, batchId: string) => void,
): Promise<void> {
  const keys = keysOf(layout, runs);
  await queryChunks(connection, `SELECT run, batchId FROM batches WHERE run IN (${keys})`, [], (part) => {
    const ids = part.at<string>(1);
    part.at<number>(0).forEach((key, i) => {
      take(layout.runs.nameOf(key), ids[i] ?? '');
    });
  });
}

/** Reads what some batches accepted, by run and id, in one statement, however many they are. */
export async function findBatches(
  connection: DuckDBConnection,
  layout: Layout,
  batches: ReadonlyArray<{ run: string; batchId: string }>,
): Promise<Map<string, Map<string, number>>> {
  const known = batches.filter(({ run }) => layout.runs.find(run) !== undefined);
  const rows = await query(
    connection,
    `SELECT run, batchId, accepted FROM batches WHERE run IN (${keysOf(
      layout,
      known.map(({ run }) => run),
    )})
     AND (run, batchId) IN (SELECT (unnest($1::INTEGER[]), unnest($2::VARCHAR[])))`,
    [listValue(known.map(({ run }) => layout.runs.find(run) ?? null)), listValue(known.map(({ batchId }) => batchId))],
  );
  const found = new Map<string, Map<string, number>>();
  rows.at<number>(0).forEach((key, i) => {
    const run = layout.runs.nameOf(key);
    const ofRun = found.get(run) ?? new Map<string, number>();
    found.set(run, ofRun);
    ofRun.set(rows.at<string>(1)[i] ?? '', rows.at<number>(2)[i] ?? 0);
  });
  return found;
}

const keysOf = (layout: Layout, runs: readonly string[]) =>
  [...new Set(runs)].flatMap((run) => layout.runs.find(run) ?? []).join(', ') || 'NULL';
