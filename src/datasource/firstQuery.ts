import { DEFAULT_QUERY, type StoreQuery } from './query';

/** What a new query asks for: the dashboard's runs where it has a variable for them, else the newest run. */
export function firstQuery(variables: readonly string[]): Partial<StoreQuery> {
  return variables.includes('run') ? { ...DEFAULT_QUERY, runs: { by: 'id', ids: ['$run'] } } : DEFAULT_QUERY;
}
