import type { AdHocVariableFilter } from '@grafana/data';
import { RUN_ATTRIBUTES } from '@rolloscope/contract/names';
import type { Condition, Filter, Operator } from '@rolloscope/contract/types';
import type { StoreQuery } from '../query';

const isAttribute = (key: string) => RUN_ATTRIBUTES.some((attribute) => attribute === key);

/** The key as the store has it: what is no attribute of a run is of its config, so that `lr` may be written. */
export const runKey = (key: string) => (isAttribute(key) || /^(config|summary)\./.test(key) ? key : `config.${key}`);

/** A key as one reads it: config without its prefix, where nothing else has that name. */
export function keyLabel(key: string): string {
  const short = key.replace(/^config\./, '');
  return isAttribute(short) || /^(config|summary)\./.test(short) ? key : short;
}

const OPERATORS: Partial<Record<string, Operator>> = {
  '=': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '=~': 'matches',
  '=|': 'in',
};

/** One of Grafana's ad hoc filters as conditions on runs. Throws where the store has no such comparison. */
function conditions({ key, operator, value, values }: AdHocVariableFilter): Condition[] {
  const column = runKey(key);
  const several = values && values.length > 0 ? values : [value];
  if (operator === '!=|') {
    return several.map((one) => ({ column, op: 'ne', value: one }));
  }
  const op = OPERATORS[operator];
  if (!op) {
    const known = [...Object.keys(OPERATORS), '!=|'].join(' ');
    throw new Error(
      `The filter "${keyLabel(column)} ${operator} ${value}" compares as no store can; use one of ${known}`,
    );
  }
  if ((op === 'eq' || op === 'ne') && value === '') {
    return [{ column, op: 'isNull', value: op === 'eq' }];
  }
  return [{ column, op, value: op === 'in' ? several : value }];
}

export const adHocFilter = (filters: readonly AdHocVariableFilter[]): Filter =>
  filters.filter(({ key }) => key !== '').flatMap(conditions);

/** A query whose runs the dashboard's ad hoc filters narrow, whatever they were chosen by. */
export function withAdHoc(query: StoreQuery, filters: readonly AdHocVariableFilter[] = []): StoreQuery {
  const added = adHocFilter(filters);
  return added.length === 0
    ? query
    : { ...query, runs: { ...query.runs, where: [...(query.runs.where ?? []), ...added] } };
}
