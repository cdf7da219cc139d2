import type { DuckDBConnection } from '@duckdb/node-api';
import { query } from './query';
import { inTransaction } from './transaction';

/**
 * A checkpoint drops row groups that were deleted whole. Others it writes anew together, three out of four, at most so
 * many times a table; the old ones are free only afterwards. So that takes room of which a full disk has little.
 */
const MOST_TASKS = 100;
const MOST_OF_TASK = 3;
const LEAST_OF_TASK = 2;
const ROWS_OF_GROUP = 4_096;
/** Tables that are looked at; what smaller ones have is little. */
const MOST_TABLES = 50;

/** Sets how many times row groups are written together by the checkpoints to come. */
export async function allowTasks(connection: DuckDBConnection, tasks = MOST_TASKS): Promise<void> {
  await connection.run(`SET GLOBAL max_vacuum_tasks = ${tasks}`);
}

/** Counts the row groups of all tables that have more than one, and sums the bytes that one of each of these takes. */
async function rowGroups(connection: DuckDBConnection): Promise<{ count: number; bytes: number }> {
  const tables = await query(
    connection,
    `SELECT table_name FROM duckdb_tables() WHERE database_name = 'store' AND estimated_size > ${ROWS_OF_GROUP}
     ORDER BY estimated_size DESC LIMIT ${MOST_TABLES}`,
  );
  const sums = { count: 0, bytes: 0 };
  for (const table of tables.at<string>(0)) {
    const { at } = await query(
      connection,
      `SELECT count(DISTINCT row_group_id)::DOUBLE,
              (count(DISTINCT block_id) + coalesce(sum(len(additional_block_ids)), 0))::DOUBLE
                * any_value(block_size)
       FROM pragma_storage_info('${table}'), pragma_database_size() WHERE database_name = 'store'`,
    );
    const [groups = 0, bytes = 0] = [0, 1].map((column) => at<number>(column)[0] ?? 0);
    sums.count += groups;
    sums.bytes += groups === 0 ? 0 : bytes / groups;
  }
  return sums;
}

/** Bytes that compacting may take: as it likes, or, `atWorst`, for the least that can be done, once it was made way for. */
export interface CompactRoom {
  bytes: number;
  atWorst: number;
  makeWay(): Promise<void>;
}

/**
 * Writes as many row groups together as there is room for. False when that made none fewer, or none fit: there is no more
 * to be had. `checkpoint` folds the log in.
 */
export async function compact(
  connection: DuckDBConnection,
  room: CompactRoom,
  checkpoint: () => Promise<void>,
): Promise<boolean> {
  const before = await rowGroups(connection);
  const group = Math.max(1, before.bytes);
  const tasks = Math.min(MOST_TASKS, Math.floor(room.bytes / group / MOST_OF_TASK));
  if (tasks < 1 && room.atWorst / group < LEAST_OF_TASK) {
    return false;
  }
  if (tasks < 1) {
    await room.makeWay();
  }
  // Where nothing has changed a checkpoint does nothing.
  await inTransaction(connection, async () => {
    await connection.run('UPDATE ends SET row = -1 - row');
    await connection.run('UPDATE ends SET row = -1 - row');
  });
  await allowTasks(connection, Math.max(1, tasks));
  try {
    await checkpoint();
  } finally {
    await allowTasks(connection, 0).catch(() => undefined);
  }
  return (await rowGroups(connection)).count < before.count;
}
