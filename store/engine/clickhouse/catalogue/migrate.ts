import { StoreError } from '../../../StoreError';
import { type Ask, type Postgres, SCHEMA } from './Postgres';
import { MIGRATIONS } from './schema';

/** Any number that nobody else locks by. */
const LOCK = 7_650_198;

/** The tables that a session needs. All later ones are its own: beneath another process nothing is changed. */
export const FIRST = 1;

/**
 * Brings the tables up to date, one process at a time.
 *
 * @param upTo number of the last migration to be made
 * @throws `unavailable` where a newer version made them
 */
export async function migrate(postgres: Postgres, upTo: number = MIGRATIONS.length): Promise<void> {
  await postgres.transaction(async (ask) => {
    await ask('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const version = await versionOf(ask);
    if (version > MIGRATIONS.length) {
      throw new StoreError(
        'unavailable',
        `The data in PostgreSQL are of a newer version of the store (${version}; this one knows ${MIGRATIONS.length}). Start that version, or name another database in --postgres.`,
      );
    }
    for (const [i, migration] of MIGRATIONS.slice(version, upTo).entries()) {
      await ask(migration);
      await ask('INSERT INTO migrations VALUES ($1, now())', [version + i + 1]);
    }
  });
}

/** Returns the number of the last migration; 0 in an empty database. */
async function versionOf(ask: Ask): Promise<number> {
  const [[exists] = []] = await ask<[boolean]>(`SELECT to_regclass('${SCHEMA}.migrations') IS NOT NULL`);
  if (!exists) {
    await ask(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
    await ask('CREATE TABLE migrations (version INTEGER PRIMARY KEY, time TIMESTAMPTZ NOT NULL)');
  }
  const [[version = 0] = []] = await ask<[number]>('SELECT coalesce(max(version), 0) FROM migrations');
  return version;
}
