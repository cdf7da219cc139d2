import type { ScopedVars } from '@grafana/data';
import { expandAll, type Replace } from '../interpolate';
import type { Texts } from '../query';
import type { VariableQuery } from './variableQuery';

/** The query of a variable with the variables in it filled in, such as `$project`. */
export function fillVariableQuery<T extends Omit<VariableQuery, 'refId'>>(
  query: T,
  templates: Replace,
  scoped?: ScopedVars,
): T {
  const all = (texts: Texts) => expandAll(typeof texts === 'string' ? [texts] : texts, templates, scoped);
  const one = (text: string) => all(text)[0] ?? '';
  return {
    ...query,
    ...(query.project !== undefined && { project: all(query.project) }),
    ...(query.run && { run: all(query.run) }),
    ...(query.tag !== undefined && { tag: all(query.tag) }),
    ...(query.table !== undefined && { table: one(query.table) }),
    ...(query.key !== undefined && { key: one(query.key) }),
    ...(query.glob !== undefined && { glob: one(query.glob) }),
  };
}
