import { DEFAULT_QUERY, type MetricsQuery, type RunChoice } from './query';

/** Returns what a bare `runs` stands for in code: the dashboard's runs where it has a variable for them, else all. */
export const defaultRuns = (variables: readonly string[]): RunChoice =>
  variables.includes('run') ? { by: 'id', ids: ['$run'] } : { by: 'filter' };

/** Returns what a new query asks for: the dashboard's runs where it has a variable for them, else the newest run. */
export function firstQuery(variables: readonly string[]): Omit<MetricsQuery, 'refId'> {
  return {
    ...DEFAULT_QUERY,
    ...(variables.includes('run') && { runs: defaultRuns(variables) }),
    ...(variables.includes('step') && { mark: '$step' }),
  };
}
