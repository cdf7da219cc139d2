import type { Condition } from '@rolloscope/contract/types';
import { formatNumber } from '../text/formatNumber';

/** A column's conditions as a person sets them: all that is given must hold. */
export interface ColumnFilter {
  /** Inclusive bounds of a number. */
  from?: number;
  to?: number;
  /** One of these. */
  values?: readonly unknown[];
  /** Contained, ignoring case. */
  text?: string;
  /** True for no value at all, false for some value. */
  isEmpty?: boolean;
}

export function readColumnFilter(conditions: readonly Condition[]): ColumnFilter {
  const filter: ColumnFilter = {};
  for (const { op, value } of conditions) {
    if ((op === 'ge' || op === 'gt') && typeof value === 'number') {
      filter.from = value;
    } else if ((op === 'le' || op === 'lt') && typeof value === 'number') {
      filter.to = value;
    } else if (op === 'eq') {
      filter.values = [value];
    } else if (op === 'in' && Array.isArray(value)) {
      filter.values = value;
    } else if (op === 'contains') {
      filter.text = String(value);
    } else if (op === 'isNull') {
      filter.isEmpty = value !== false;
    }
  }
  return filter;
}

export function writeColumnFilter(column: string, { from, to, values, text, isEmpty }: ColumnFilter): Condition[] {
  const conditions: Condition[] = [];
  if (from !== undefined) {
    conditions.push({ column, op: 'ge', value: from });
  }
  if (to !== undefined) {
    conditions.push({ column, op: 'le', value: to });
  }
  if (values && values.length > 0) {
    conditions.push(values.length === 1 ? { column, op: 'eq', value: values[0] } : { column, op: 'in', value: values });
  }
  if (text) {
    conditions.push({ column, op: 'contains', value: text });
  }
  if (isEmpty !== undefined) {
    conditions.push({ column, op: 'isNull', value: isEmpty });
  }
  return conditions;
}

const SIGNS = { lt: '<', le: '≤', gt: '>', ge: '≥', ne: '≠' } as const;
const NAMED_VALUES = 3;

export function valueText(value: unknown): string {
  if (typeof value === 'number') {
    return formatNumber(value);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Says in a chip's words what a column's conditions are: `reward 0.2 – 0.5`, `split is a, b or 4 others`. */
export function describeConditions(label: string, conditions: readonly Condition[]): string {
  const bound = (op: Condition['op']) => conditions.find((one) => one.op === op && typeof one.value === 'number');
  const [low, high] = [bound('ge'), bound('le')];
  const isRange = low !== undefined && high !== undefined;
  const range = !isRange
    ? []
    : low.value === high.value
      ? [`= ${valueText(low.value)}`]
      : [`${valueText(low.value)} – ${valueText(high.value)}`];
  const others = conditions.filter((one) => !isRange || (one !== low && one !== high)).map(describeOne);
  return `${label} ${[...range, ...others].join(', ')}`;
}

function describeOne({ op, value }: Condition): string {
  switch (op) {
    case 'eq':
      return `= ${valueText(value)}`;
    case 'in': {
      const values = Array.isArray(value) ? value : [];
      const named = values.slice(0, NAMED_VALUES).map(valueText);
      const more = values.length - named.length;
      return `is ${[...named, ...(more > 0 ? [`${more} more`] : [])].join(' or ')}`;
    }
    case 'contains':
      return `contains “${valueText(value)}”`;
    case 'matches':
      return `matches ${valueText(value)}`;
    case 'isNull':
      return value === false ? 'is not empty' : 'is empty';
    default:
      return `${SIGNS[op]} ${valueText(value)}`;
  }
}

/** Conditions by column, in the order in which each first comes. */
export function byColumn(filter: readonly Condition[]): [column: string, conditions: Condition[]][] {
  const groups = new Map<string, Condition[]>();
  for (const condition of filter) {
    groups.set(condition.column, [...(groups.get(condition.column) ?? []), condition]);
  }
  return [...groups];
}
