import type { Condition, Filter } from '@rolloscope/contract/types';

type Read = (column: string) => unknown;

/**
 * Whether a row of a frame holds a filter, as the store reads it: all parts must hold, a null fails every operator but
 * `isNull` and `ne`, and `contains` ignores case. A pattern is JavaScript's here, RE2's in the store.
 */
export function matchesFilter(filter: Filter, read: Read): boolean {
  return filter.every((part) =>
    'anyOf' in part ? part.anyOf.some((one) => matchesCondition(one, read)) : matchesCondition(part, read),
  );
}

function matchesCondition({ column, op, value }: Condition, read: Read): boolean {
  const cell = read(column) ?? null;
  if (op === 'isNull') {
    return (cell === null) === (value !== false);
  }
  if (cell === null || typeof cell === 'object') {
    return op === 'ne';
  }
  switch (op) {
    case 'eq':
      return cell === value;
    case 'ne':
      return cell !== value;
    case 'in':
      return Array.isArray(value) && value.some((one) => one === cell);
    case 'contains':
      return typeof cell === 'string' && cell.toLowerCase().includes(String(value).toLowerCase());
    case 'matches':
      return typeof cell === 'string' && new RegExp(String(value), 'u').test(cell);
    default:
      return compares(op, cell, value);
  }
}

function compares(op: 'lt' | 'le' | 'gt' | 'ge', cell: unknown, value: unknown): boolean {
  const isComparable = typeof cell === typeof value && (typeof cell === 'number' || typeof cell === 'string');
  if (!isComparable) {
    return false;
  }
  const [a, b] = [cell, value] as [number, number];
  return op === 'lt' ? a < b : op === 'le' ? a <= b : op === 'gt' ? a > b : a >= b;
}
