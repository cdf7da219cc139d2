import { parseCode } from './code/parseCode';
import type { Example } from './examples';
import { DEFAULT_QUERY, type RunChoice, type StoreQuery } from './query';

/** The query of an example; `runs` of the dashboard where it has some. */
export function exampleQuery({ code, queryType }: Example, defaultRuns: RunChoice, refId: string): StoreQuery {
  const kind = queryType === 'rows' ? 'table' : 'metric';
  return parseCode(code, { current: { ...DEFAULT_QUERY, refId }, defaultRuns, kindOf: () => kind });
}
