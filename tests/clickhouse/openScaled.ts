import { afterAll, beforeAll } from 'vitest';
import { ClickHouseEngine } from '../../store/engine/clickhouse/ClickHouseEngine';
import { PostgresCatalogue } from '../../store/engine/clickhouse/catalogue/PostgresCatalogue';
import type { OpenEngine } from '../../store/engine/conformance/EngineUnderTest';
import { type ClickHouseServer, startClickHouse } from '../servers/clickhouse';
import { type PostgresServer, startPostgres } from '../servers/postgres';

/**
 * Opens stores on a real ClickHouse and a real PostgreSQL, which are started before the tests of a file and end with them:
 * each folder's name stands for a database of its own in both.
 */
export function openScaled(): OpenEngine {
  let clickHouse: ClickHouseServer;
  let postgres: PostgresServer;
  const databases = new Map<string, { lines: string; catalogue: string }>();
  beforeAll(async () => {
    [clickHouse, postgres] = await Promise.all([startClickHouse(), startPostgres()]);
  });
  afterAll(() => Promise.all([clickHouse.remove(), postgres.remove()]));
  return async (folder) => {
    const name = `d${databases.size + 1}`;
    const known = databases.get(folder) ?? {
      lines: `${clickHouse.url}/${name}`,
      catalogue: await postgres.createDatabase(name),
    };
    databases.set(folder, known);
    return ClickHouseEngine.open(known.lines, await PostgresCatalogue.open(known.catalogue));
  };
}
