import type { Condition, Filter } from '@rolloscope/contract/types';
import type { Texts } from './query';

type Fill = (texts: Texts) => string[];

const COMPARES: ReadonlySet<string> = new Set(['lt', 'le', 'gt', 'ge']);

/** A filter with the variables in its columns and values filled in. */
export const fillFilter = (filter: Filter, all: Fill): Filter =>
  filter.flatMap((part): Filter => {
    if (!('anyOf' in part)) {
      return fillCondition(part, all);
    }
    const anyOf = part.anyOf.flatMap((one) => fillCondition(one, all));
    return anyOf.length > 0 ? [{ anyOf }] : [];
  });

/** Several values of one variable are alternatives; none of them, where the condition says "not". */
function fillCondition(given: Condition, all: Fill): Condition[] {
  const one = { ...given, column: all(given.column)[0] ?? '' };
  const { op, value } = one;
  if (Array.isArray(value)) {
    return [{ ...one, value: value.flatMap((part: unknown) => (typeof part === 'string' ? all(part) : [part])) }];
  }
  if (typeof value !== 'string') {
    return [one];
  }
  const texts = all(value);
  const [first = ''] = texts;
  if (op === 'in' || (op === 'eq' && texts.length > 1)) {
    return [{ ...one, op: 'in', value: texts }];
  }
  if (op === 'ne' && texts.length > 1) {
    return texts.map((text) => ({ ...one, value: text }));
  }
  // A variable's values are texts, also where the column holds numbers.
  const wasFilled = first !== value && first.trim() !== '';
  return [{ ...one, value: COMPARES.has(op) && wasFilled && Number.isFinite(Number(first)) ? Number(first) : first }];
}
