import { DuckDbEngine } from './duckdb/DuckDbEngine';
import type { OpenOptions } from './duckdb/openFile';
import type { Engine } from './Engine';

export { checkFolder } from './duckdb/checkFolder';
export { recoverFolder } from './duckdb/recoverFolder';

/** Names of what the engine makes in its folder. */
export const ENGINE_FILES = /^(runs\.duckdb.*|store\..*|reserve|promised.*)$/;

/** Opens the data in a folder of this disk; makes it where there is none. The one place that knows which engine that is. */
export function openEngine(folder: string, options: Pick<Partial<OpenOptions>, 'cache'> = {}): Promise<Engine> {
  return DuckDbEngine.open(folder, options);
}
