import { conditionFault, conditionsOf, valueOfType } from '@rolloscope/contract/conditions';
import { compareTexts, foldCase } from '@rolloscope/contract/texts';
import type { ColumnType, Condition, Filter } from '@rolloscope/contract/types';
import { compilePattern } from '../../text/compileSearch';
import type { TableColumn } from '../TableData';

type Read = (column: string) => unknown;
type Test = (cell: unknown) => boolean;

/**
 * Makes a test of whether a row of a frame holds a filter, as the store reads it: all parts must hold, a null fails
 * every operator but `isNull` and `ne`, `contains` ignores case, and patterns are RE2's. Rejects where a pattern is not
 * valid, and where a condition asks for a value that its column cannot have.
 */
export async function compileFilter(
  filter: Filter,
  columns: readonly Pick<TableColumn, 'name' | 'type'>[],
): Promise<(read: Read) => boolean> {
  const typeOf = (name: string) => asLogged(columns.find((column) => column.name === name)?.type);
  const parts = await Promise.all(
    filter.map((part) => Promise.all(conditionsOf(part).map((one) => compileCondition(one, typeOf(one.column))))),
  );
  return (read) => parts.every((anyOf) => anyOf.some(({ column, holds }) => holds(read(column) ?? null)));
}

/** A time is a number to the store; a column that is not there may be of any type. */
const asLogged = (type: TableColumn['type'] | undefined): ColumnType => (type === 'time' ? 'number' : (type ?? 'json'));

async function compileCondition(condition: Condition, type: ColumnType): Promise<{ column: string; holds: Test }> {
  const fault = conditionFault(condition, type);
  if (fault !== undefined) {
    throw new Error(fault);
  }
  return { column: condition.column, holds: await testOf(condition, type) };
}

async function testOf({ op, value }: Condition, type: ColumnType): Promise<Test> {
  switch (op) {
    case 'isNull':
      return (cell) => (cell === null) === (value !== false);
    case 'eq':
      return oneOf([value], type);
    case 'ne': {
      const isEqual = oneOf([value], type);
      return (cell) => !isEqual(cell);
    }
    case 'in':
      return oneOf(Array.isArray(value) ? value : [], type);
    case 'contains': {
      const wanted = foldCase(String(value));
      return (cell) => typeof cell === 'string' && foldCase(cell).includes(wanted);
    }
    case 'matches': {
      const pattern = await compilePattern(String(value), true);
      return (cell) => typeof cell === 'string' && pattern.test(cell);
    }
    default:
      return ordered(op, value, type);
  }
}

/** A cell, or the value of a condition, as what equal ones have in common; objects equal nothing. */
function asKey(value: unknown): unknown {
  return typeof value === 'object' ? undefined : value;
}

function oneOf(values: readonly unknown[], type: ColumnType): Test {
  // A set takes NaN for itself, and 0 for -0, as the store does.
  const wanted = new Set(values.map((value) => asKey(type === 'json' ? value : valueOfType(type, value))));
  wanted.delete(undefined);
  return (cell) => wanted.has(asKey(cell));
}

const HOLDS: Record<'lt' | 'le' | 'gt' | 'ge', (order: number) => boolean> = {
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};

/** Numbers, texts and booleans in the order of their kind; NaN is neither more nor less than anything. */
export function ordered(op: keyof typeof HOLDS, value: unknown, type: ColumnType): Test {
  const wanted = type === 'json' ? value : valueOfType(type, value);
  const holds = HOLDS[op];
  return (cell) => {
    if (typeof cell !== typeof wanted || typeof cell === 'object') {
      return false;
    }
    return holds(
      typeof cell === 'string' ? compareTexts(cell, String(wanted)) : compareNumbers(Number(cell), Number(wanted)),
    );
  };
}

/** NaN, which no order has, where one of them is. */
const compareNumbers = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN);
