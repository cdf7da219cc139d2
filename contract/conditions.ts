import { isLargeInteger } from './exactJson';
import type { Condition, Filter } from './selection';
import type { ColumnType } from './table';

/** The conditions of one part of a filter: itself, or those of which one must hold. */
export const conditionsOf = (part: Filter[number]): Condition[] => ('anyOf' in part ? part.anyOf : [part]);

/** Numbers that JSON cannot write travel as texts. */
const NON_FINITE: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity']);

/** A condition's value as a column of a type has it; undefined where it has no such value. */
export function valueOfType(type: ColumnType, value: unknown): number | boolean | string | undefined {
  switch (type) {
    case 'number':
      return NON_FINITE.has(value) || (typeof value === 'string' && isLargeInteger(value))
        ? Number(value)
        : typeof value === 'number'
          ? value
          : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'json':
      return value === undefined ? undefined : JSON.stringify(value);
  }
}

const BY_TYPE = { number: 'a number', boolean: 'true or false', string: 'a text', json: 'a value' } as const;

/** Names the kind of value that a condition on a column of a type needs; undefined where it has such a value. */
function wanted({ op, value }: Condition, type: ColumnType): string | undefined {
  switch (op) {
    case 'isNull':
      return value === undefined || typeof value === 'boolean' ? undefined : 'true or false';
    case 'contains':
    case 'matches':
      return typeof value === 'string' ? undefined : 'a text';
    case 'in':
      return !Array.isArray(value)
        ? 'a list'
        : value.some((one) => valueOfType(type, one) === undefined)
          ? BY_TYPE[type]
          : undefined;
    default:
      return valueOfType(type, value) === undefined ? BY_TYPE[type] : undefined;
  }
}

/**
 * Says in a sentence why the value of a condition does not fit a column of a type; undefined where it fits. A run's
 * attributes have no type of their own: they are asked as `json`, which takes any value.
 */
export function conditionFault(condition: Condition, type: ColumnType): string | undefined {
  const must = wanted(condition, type);
  const { column, op, value } = condition;
  const given = (JSON.stringify(value) ?? 'nothing').slice(0, 100);
  return must && `filter on ${JSON.stringify(column)}, ${op}: the value must be ${must}, not ${given}.`;
}
