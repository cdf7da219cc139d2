import type { EngineServers } from './clickhouse/openServers';
import { DuckDbEngine } from './duckdb/DuckDbEngine';
import type { OpenOptions } from './duckdb/openFile';
import type { Engine } from './Engine';

export { checkFolder } from './duckdb/checkFolder';
export { recoverFolder } from './duckdb/recoverFolder';

/** Names of what the engine makes in its folder. */
export const ENGINE_FILES = /^(runs\.duckdb.*|store\..*|reserve|promised.*)$/;

export type { EngineServers };

export interface EngineOptions extends Pick<Partial<OpenOptions>, 'cache'> {
  /** The servers that have the data, if they are not in the folder. */
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
  // Loaded by who wants it: a store in a folder never does.
  const { openServers } = await import('./clickhouse/openServers');
  return openServers(servers, { ...(onWait && { onWait }), ...(signal && { signal }) });
}
