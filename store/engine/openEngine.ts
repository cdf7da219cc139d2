import { ClickHouseEngine } from './clickhouse/ClickHouseEngine';
import { PostgresCatalogue } from './clickhouse/catalogue/PostgresCatalogue';
import { SESSION } from './clickhouse/catalogue/Session';
import { DuckDbEngine } from './duckdb/DuckDbEngine';
import type { OpenOptions } from './duckdb/openFile';
import type { Engine } from './Engine';

export { checkFolder } from './duckdb/checkFolder';
export { recoverFolder } from './duckdb/recoverFolder';

/** Names of what the engine makes in its folder. */
export const ENGINE_FILES = /^(runs\.duckdb.*|store\..*|reserve|promised.*)$/;

/** Servers that keep the data. */
export interface EngineServers {
  /** Addresses, with user, password and database. */
  clickhouse: string;
  postgres: string;
}

export interface EngineOptions extends Pick<Partial<OpenOptions>, 'cache'> {
  /** Where the data are, if not in the folder. */
  servers?: EngineServers;
  /** Told that another store has them, whose end is waited for. */
  onWait?(): void;
  /** Ends that waiting, with an error. */
  signal?: AbortSignal;
}

/**
 * Opens the data, in a folder of this disk or on servers; makes it where there is none. The one place that knows which
 * engines there are.
 */
export async function openEngine(
  folder: string,
  { servers, onWait, signal, ...options }: EngineOptions = {},
): Promise<Engine> {
  if (servers === undefined) {
    return DuckDbEngine.open(folder, options);
  }
  const catalogue = await PostgresCatalogue.open(servers.postgres, {
    ...SESSION,
    ...(onWait && { onWait }),
    ...(signal && { signal }),
  });
  try {
    return await ClickHouseEngine.open(servers.clickhouse, catalogue);
  } catch (cause) {
    await catalogue.close();
    throw cause;
  }
}
