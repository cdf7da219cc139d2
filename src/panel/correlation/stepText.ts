import type { Condition } from '@rolloscope/contract/types';

const whole = (text: string) => (/^\s*-?\d+\s*$/.test(text) ? Number(text) : undefined);

/** A choice of steps as the `step` variable has it: `7`, `10-20`, or `10, 20`; empty for all. */
export function stepText(conditions: readonly Condition[]): string {
  const list = conditions.find(({ op }) => op === 'in')?.value;
  if (Array.isArray(list)) {
    return list.join(', ');
  }
  const bound = (...ops: Condition['op'][]) => conditions.find(({ op }) => ops.includes(op))?.value;
  const [from, to] = [bound('eq', 'ge'), bound('eq', 'le')];
  if (typeof from !== 'number' || typeof to !== 'number') {
    return '';
  }
  return from === to ? String(from) : `${from}-${to}`;
}

/** The same choice as conditions on the step column; none for what is no choice of steps. */
export function stepConditions(column: string, text: string): Condition[] {
  const range = /^\s*(-?\d+)\s*-\s*(-?\d+)\s*$/.exec(text);
  if (range) {
    return [
      { column, op: 'ge', value: Number(range[1]) },
      { column, op: 'le', value: Number(range[2]) },
    ];
  }
  const steps = text.split(',').map(whole);
  const known = steps.filter((step) => step !== undefined);
  if (known.length < steps.length) {
    return [];
  }
  return known.length === 1 ? [{ column, op: 'eq', value: known[0] ?? 0 }] : [{ column, op: 'in', value: known }];
}
