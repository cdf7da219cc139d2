import { StoreError } from '../../StoreError';
import type { Server } from './Server';
import { MIGRATIONS, PLACING } from './schema';

/**
 * Makes the tables, and brings older ones up to date. Each statement may be run again: processes that start together do
 * so, and one that ended half-way is begun anew.
 */
export async function migrate(server: Server, migrations = MIGRATIONS): Promise<void> {
  await server.run('CREATE TABLE IF NOT EXISTS migrations (version UInt32) ENGINE = MergeTree ORDER BY version');
  const version = (await server.read('SELECT max(version) FROM migrations')).first<number>(0) ?? 0;
  if (version > migrations.length) {
    throw new StoreError(
      'unavailable',
      `The database ${server.database} in ClickHouse is of a newer store (schema ${version}; this one knows ${migrations.length}). Upgrade this store.`,
    );
  }
  for (const [i, statements] of migrations.slice(version).entries()) {
    for (const statement of statements(PLACING)) {
      await server.run(statement);
    }
    await server.insert('migrations', `migration-${version + i + 1}`, [[version + i + 1]]);
  }
}
