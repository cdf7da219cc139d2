import type { Engine } from '../Engine';
import { ClickHouseEngine } from './ClickHouseEngine';
import { PostgresCatalogue } from './catalogue/PostgresCatalogue';
import { SESSION, type SessionOptions } from './catalogue/Session';

/** Addresses of the servers that keep the data, with user, password and database. */
export interface EngineServers {
  clickhouse: string;
  postgres: string;
}

/** Opens the data that two servers keep, as soon as no other store has them. */
export async function openServers(
  { clickhouse, postgres }: EngineServers,
  waiting: Pick<SessionOptions, 'onWait' | 'signal'>,
): Promise<Engine> {
  const catalogue = await PostgresCatalogue.open(postgres, { ...SESSION, ...waiting });
  try {
    return await ClickHouseEngine.open(clickhouse, catalogue);
  } catch (cause) {
    await catalogue.close();
    throw cause;
  }
}
