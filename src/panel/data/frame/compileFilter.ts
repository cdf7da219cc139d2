import type { Condition, Filter } from '@rolloscope/contract/types';
import { compilePattern, type Matcher } from '../../text/compileSearch';

type Read = (column: string) => unknown;

/**
 * Whether a row of a frame holds a filter, as the store reads it: all parts must hold, a null fails every operator but
 * `isNull` and `ne`, `contains` ignores case, and patterns are RE2's. Rejects where a pattern is not valid.
 */
export async function compileFilter(filter: Filter): Promise<(read: Read) => boolean> {
  const conditions = filter.flatMap((part) => ('anyOf' in part ? part.anyOf : [part]));
  const patterns = new Map<string, Matcher>();
  for (const { op, value } of conditions) {
    if (op === 'matches') {
      patterns.set(String(value), await compilePattern(String(value), true));
    }
  }
  const holds = (condition: Condition, read: Read) => matchesCondition(condition, read, patterns);
  return (read) =>
    filter.every((part) =>
      'anyOf' in part ? part.anyOf.some((condition) => holds(condition, read)) : holds(part, read),
    );
}

/** Numbers that JSON cannot write travel as texts. */
function same(cell: unknown, value: unknown): boolean {
  return Object.is(cell, value) || (typeof cell === 'number' && typeof value === 'string' && isSameNumber(cell, value));
}

const isSameNumber = (cell: number, value: string) => !Number.isFinite(cell) && String(cell) === value;

function matchesCondition({ column, op, value }: Condition, read: Read, patterns: Map<string, Matcher>): boolean {
  const cell = read(column) ?? null;
  if (op === 'isNull') {
    return (cell === null) === (value !== false);
  }
  if (cell === null || typeof cell === 'object') {
    return op === 'ne';
  }
  switch (op) {
    case 'eq':
      return same(cell, value);
    case 'ne':
      return !same(cell, value);
    case 'in':
      return Array.isArray(value) && value.some((one) => same(cell, one));
    case 'contains':
      return typeof cell === 'string' && cell.toLowerCase().includes(String(value).toLowerCase());
    case 'matches':
      return typeof cell === 'string' && patterns.get(String(value))?.test(cell) === true;
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
