import type { RunScope } from '../../EngineReads';
import type { Layout } from '../Layout';
import { textSql } from '../textSql';

/** Returns what runs are called in an answer, by key. */
export function runNames(layout: Layout, scopes: readonly RunScope[]): (key: number) => string {
  const called = calledOtherwise(layout, scopes);
  return (key) => called.get(key) ?? layout.runs.nameOf(key);
}

/** The same as SQL, over a line of `runs`. */
export function runNameSql(layout: Layout, scopes: readonly RunScope[]): string {
  const cases = [...calledOtherwise(layout, scopes)].map(([key, name]) => `WHEN ${key} THEN ${textSql(name)}`);
  return cases.length === 0 ? 'runs.id' : `CASE runs.run ${cases.join(' ')} ELSE runs.id END`;
}

function calledOtherwise(layout: Layout, scopes: readonly RunScope[]): Map<number, string> {
  return new Map(
    scopes.flatMap(({ run, as }) => {
      const key = as === undefined ? undefined : layout.runs.find(run);
      return key === undefined || as === undefined ? [] : [[key, as] as const];
    }),
  );
}
