import type { DuckDBConnection } from '@duckdb/node-api';

/** A commit failed midway: some columns keep its rows in memory, and what comes later would lie beside the wrong ones. */
export class CommitFailed extends Error {
  override readonly name = 'CommitFailed';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** All of it or nothing. Throws `CommitFailed` where the file has to be opened again. */
export async function inTransaction(connection: DuckDBConnection, work: () => Promise<unknown>): Promise<void> {
  let isCommitting = false;
  try {
    await connection.run('BEGIN');
    await work();
    isCommitting = true;
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw isCommitting ? new CommitFailed(error) : error;
  }
}
