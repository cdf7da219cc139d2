import { Filter, LIMITS } from '@rolloscope/contract';
import type { Condition, OrderBy } from '@rolloscope/contract/types';
import { Compile } from 'typebox/compile';
import { isObject } from '../formats/readObject';
import { StoreError } from '../StoreError';

/** The store's columns that runs are chosen by, by W&B's names in lower case, without `_`. */
const COLUMNS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    state: 'state',
    name: 'id',
    displayname: 'name',
    group: 'group',
    tags: 'tag',
    jobtype: 'config.job_type',
    createdat: 'createdAt',
    heartbeatat: 'updatedAt',
    updatedat: 'updatedAt',
  }),
);
const OPERATORS: ReadonlyMap<string, Condition['op']> = new Map([
  ['$eq', 'eq'],
  ['$ne', 'ne'],
  ['$gt', 'gt'],
  ['$gte', 'ge'],
  ['$lt', 'lt'],
  ['$lte', 'le'],
  ['$in', 'in'],
  ['$regex', 'matches'],
]);

/**
 * The filter of W&B's `Api.runs`, which is MongoDB's language, in the store's: comparisons, `$in`, `$nin`, `$regex`,
 * `$exists`, `$and` and, of single conditions, `$or`. Throws `invalid_request` for what it has no words for: to leave a
 * condition out would choose runs that nobody asked for.
 */
export function readFilter(filter: unknown, idOf: (name: string) => string): Filter {
  const conditions = conditionsIn(filter, idOf);
  if (!FILTER.Check(conditions)) {
    const most = `${LIMITS.conditions} conditions`;
    throw new StoreError('invalid_request', `filters has a value that nothing compares with, or more than ${most}.`);
  }
  return conditions;
}

const FILTER = Compile(Filter);

function conditionsIn(filter: unknown, idOf: (name: string) => string): Filter {
  if (!isObject(filter)) {
    throw new StoreError('invalid_request', 'filters must be a JSON object.');
  }
  return Object.entries(filter).flatMap(([key, value]): Filter => {
    if (key === '$and') {
      return listOf(key, value).flatMap((one) => conditionsIn(one, idOf));
    }
    if (key === '$or') {
      const all = listOf(key, value).map((one) => conditionsIn(one, idOf));
      const anyOf = all.flatMap((one) => one.flatMap((part) => ('anyOf' in part ? part.anyOf : [part])));
      if (all.some((one) => one.length !== 1)) {
        throw new StoreError('invalid_request', 'filters: $or takes conditions on one thing each.');
      }
      return anyOf.length > 0 ? [{ anyOf }] : [];
    }
    const column = columnOf(key);
    const conditions = isObject(value) ? Object.entries(value) : [['$eq', value] as const];
    return conditions.flatMap(([op, wanted]) => conditionsOf(column, op, convert(column, wanted, idOf)));
  });
}

/** Reads an order: `-created_at`, `+config.lr.value`, `summary_metrics.loss`. */
export function readOrder(order: unknown): OrderBy {
  const text = typeof order === 'string' && order !== '' ? order : '+created_at';
  return [{ column: columnOf(text.replace(/^[+-]/, '')), direction: text.startsWith('-') ? 'desc' : 'asc' }];
}

function listOf(key: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) {
    throw new StoreError('invalid_request', `filters: ${key} takes a list.`);
  }
  return value;
}

function conditionsOf(column: string, op: string, value: unknown): Condition[] {
  const known = OPERATORS.get(op);
  if (known !== undefined) {
    return value === null && (op === '$eq' || op === '$ne')
      ? [{ column, op: 'isNull', value: op === '$eq' }]
      : [{ column, op: known, value: value as NonNullable<Condition['value']> }];
  }
  if (op === '$nin') {
    return listOf(op, value).map((one) => ({ column, op: 'ne', value: one as NonNullable<Condition['value']> }));
  }
  if (op === '$exists') {
    return [{ column, op: 'isNull', value: !value }];
  }
  throw new StoreError('invalid_request', `filters: there is no ${op} here, only ${[...OPERATORS.keys()].join(', ')}.`);
}

function columnOf(key: string): string {
  const [, kind, name] = /^(config|summary|summary_metrics|summaryMetrics)\.(.+?)$/.exec(key) ?? [];
  if (kind === 'config') {
    return `config.${name?.replace(/\.value$/, '')}`;
  }
  if (name !== undefined) {
    return `summary.${name}`;
  }
  const column = COLUMNS.get(key.replaceAll('_', '').toLowerCase());
  if (column === undefined) {
    throw new StoreError('invalid_request', `Runs cannot be chosen by ${key} here.`);
  }
  return column;
}

/** Times are texts there, and ids are a project's own. */
function convert(column: string, value: unknown, idOf: (name: string) => string): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => convert(column, one, idOf));
  }
  if (typeof value !== 'string') {
    return value;
  }
  if (column === 'id') {
    return idOf(value);
  }
  const isTime = column === 'createdAt' || column === 'updatedAt';
  return isTime ? Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`) || value : value;
}
