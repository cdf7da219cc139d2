import { conditionFault } from '@rolloscope/contract/conditions';
import { foldCase } from '@rolloscope/contract/texts';
import type { Condition } from '@rolloscope/contract/types';
import { StoreError } from '../StoreError';
import type { Steps } from '../Turn';
import { compilePattern } from './compilePattern';
import { compareValues, numberIn, RunValue } from './RunValues';

/** A condition on runs, made ready once to be asked of many: whether it holds of what a run has under the column. */
export interface RunCondition {
  column: string;
  /** Steps where it may take long. */
  holds(values: readonly RunValue[]): boolean | Steps<boolean>;
  /** The pattern of `matches`: threads look for the pattern, and `holds` is not asked. */
  pattern?: string;
}

/** Characters of a text that are looked through at one go: to look for a hostile one may take a thousand times as long. */
const WINDOW = 16_384;

/** Throws `invalid_request` for a value that the operator cannot take, and `invalid_pattern`. */
export function runCondition(condition: Condition): RunCondition {
  const { column, op, value } = condition;
  const fault = conditionFault(condition, 'json');
  if (fault !== undefined) {
    throw new StoreError('invalid_request', fault);
  }
  const some = (test: (one: RunValue) => boolean): RunCondition => ({ column, holds: (values) => values.some(test) });
  switch (op) {
    case 'isNull':
      return { column, holds: (values) => (values.length === 0) === (value ?? true) };
    case 'eq':
      return some(oneOf([value]));
    case 'ne': {
      const isEqual = oneOf([value]);
      return { column, holds: (values) => !values.some(isEqual) };
    }
    case 'in':
      return some(oneOf(Array.isArray(value) ? value : []));
    case 'contains': {
      const wanted = foldCase(String(value));
      return { column, holds: (values) => contains(values, wanted) };
    }
    case 'matches': {
      const pattern = String(value);
      compilePattern(pattern);
      return { column, pattern, holds: () => false };
    }
    default: {
      const wanted = new RunValue(value);
      // What is no number is neither more nor less than one.
      return some((one) => {
        const order = compareValues(one, wanted);
        return (
          !Number.isNaN(one.raw) &&
          (op === 'lt' ? order < 0 : op === 'le' ? order <= 0 : op === 'gt' ? order > 0 : order >= 0)
        );
      });
    }
  }
}

/**
 * Makes the test whether a value equals one of some as JSON; a number also equals any text of it, `1e-6` as well as
 * `0.000001`: a variable of a dashboard is always text, and YAML makes a text of some numbers in a config.
 */
function oneOf(wanted: readonly unknown[]): (one: RunValue) => boolean {
  const values = wanted.map((value) => new RunValue(value));
  const texts = new Set(values.map(({ text }) => text));
  const numbersOf = (type: 'number' | 'string') =>
    new Set(values.filter(({ raw }) => typeof raw === type).map(numberIn));
  const [numbers, numbersInTexts] = [numbersOf('number'), numbersOf('string')];
  return (one) => {
    if (texts.has(one.text)) {
      return true;
    }
    const number = numberIn(one);
    return number !== undefined && (typeof one.raw === 'number' ? numbersInTexts : numbers).has(number);
  };
}

/** Tells whether one of some values contains a text, whose case is folded as theirs is. */
export function contains(values: readonly RunValue[], wanted: string): boolean | Steps<boolean> {
  return values.every(({ text }) => text.length <= WINDOW)
    ? values.some(({ folded }) => folded.includes(wanted))
    : containsLong(values, wanted);
}

function* containsLong(values: readonly RunValue[], wanted: string): Steps<boolean> {
  for (const { folded } of values) {
    for (let from = 0; from < folded.length || from === 0; from += WINDOW) {
      if (folded.slice(from, from + WINDOW + wanted.length).includes(wanted)) {
        return true;
      }
      yield;
    }
  }
  return false;
}
