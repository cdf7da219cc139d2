import { randomBytes } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { StoreError } from '../../StoreError';
import { query } from './query';
import { MIGRATIONS } from './schema';

/** Brings a database to this version's tables, each migration in a transaction of its own. */
export async function migrate(connection: DuckDBConnection, migrations = MIGRATIONS): Promise<void> {
  await connection.run('CREATE TABLE IF NOT EXISTS migrations (version INTEGER NOT NULL, applied TIMESTAMP NOT NULL)');
  const applied = (await query(connection, 'SELECT coalesce(max(version), 0) FROM migrations')).at<number>(0)[0] ?? 0;
  if (applied > migrations.length) {
    throw new StoreError(
      'unavailable',
      `The data was written by a newer store (layout ${applied}, this one knows ${migrations.length}). Upgrade it.`,
    );
  }
  for (const [i, sql] of migrations.entries()) {
    if (i < applied) {
      continue;
    }
    await connection.run('BEGIN');
    try {
      await connection.run(sql);
      await connection.run('INSERT INTO migrations VALUES (?, now()::TIMESTAMP)', [i + 1]);
      await connection.run('COMMIT');
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    }
  }
  const stores = await query(connection, 'SELECT id FROM store');
  if (stores.count === 0) {
    await connection.run('INSERT INTO store VALUES (?, ?)', [randomBytes(6).toString('hex'), BigInt(Date.now())]);
  }
}
