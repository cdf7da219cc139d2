import { afterAll } from 'vitest';
import { holdOurs } from '../conformance/holdOurs';
import { type ClickHouseServer, startClickHouse } from './clickhouse';
import { type PostgresServer, startPostgres } from './postgres';

let clickhouse: ClickHouseServer | undefined;
let postgres: PostgresServer | undefined;
// Registered first, so it comes last.
afterAll(async () => {
  await clickhouse?.remove();
  await postgres?.remove();
});

holdOurs('a store on ClickHouse and PostgreSQL', async () => {
  [clickhouse, postgres] = await Promise.all([startClickHouse(), startPostgres()]);
  return { servers: { clickhouse: clickhouse.url, postgres: postgres.url } };
});
