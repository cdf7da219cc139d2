import type { DuckDBConnection } from '@duckdb/node-api';

/** A commit failed midway: some columns keep its rows in memory, and what comes later would lie beside the wrong ones. */
export class CommitFailed extends Error {
  override readonly name = 'CommitFailed';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/**
 * Does all of it or nothing. Throws `CommitFailed` where the file has to be opened again. `script`: SQL that comes
 * before the work. It begins with the transaction: whatever is asked of the database comes back in a later round of the
 * event loop, which others' calls make long.
 */
export async function inTransaction(
  connection: DuckDBConnection,
  work: () => Promise<unknown>,
  script = '',
): Promise<void> {
  let isCommitting = false;
  try {
    await connection.run(`BEGIN;${script}`);
    await work();
    isCommitting = true;
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw isCommitting ? new CommitFailed(error) : error;
  }
}
