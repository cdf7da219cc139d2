import { randomBytes } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { StoreError } from '../../StoreError';
import { query } from './query';
import { MIGRATIONS } from './schema';

/**
 * Brings a database to this version's tables, each migration in a transaction of its own. Throws `unavailable`, with the
 * reason in words and the data as it was, for what it cannot bring there.
 */
export async function migrate(connection: DuckDBConnection, migrations = MIGRATIONS): Promise<void> {
  const applied = await layoutOf(connection);
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
      await connection.run('ROLLBACK').catch(() => undefined);
      const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
      const how = 'Go on with the version of the store that wrote it, and send us this message.';
      throw new StoreError(
        'unavailable',
        `The data is of an older layout (${i}), and could not be brought to layout ${i + 1}: ${reason}. It is as it was. ${how}`,
      );
    }
  }
  const stores = await query(connection, 'SELECT id FROM store');
  if (stores.count === 0) {
    await connection.run('INSERT INTO store VALUES (?, ?)', [randomBytes(6).toString('hex'), BigInt(Date.now())]);
  }
}

/** Returns how many migrations the database has seen; 0 for an empty one. */
async function layoutOf(connection: DuckDBConnection): Promise<number> {
  const tables = await query(connection, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'");
  const names = tables.at<string>(0);
  if (names.length > 0 && !names.includes('migrations')) {
    const shown = names.slice(0, 5).join(', ');
    throw new StoreError(
      'unavailable',
      `The database is not this store's: it has the tables ${shown}. Give another folder.`,
    );
  }
  await connection.run('CREATE TABLE IF NOT EXISTS migrations (version INTEGER NOT NULL, applied TIMESTAMP NOT NULL)');
  const applied = await query(connection, 'SELECT coalesce(max(version), 0) FROM migrations');
  return applied.at<number>(0)[0] ?? 0;
}
