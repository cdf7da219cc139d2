import { isLargeInteger, LIMITS, NON_FINITE } from '@rolloscope/contract';
import type { MetricValue } from '@rolloscope/contract/types';

const NON_FINITE_TEXTS: ReadonlySet<unknown> = new Set(NON_FINITE);

interface Scalars {
  /** Numbers by the name that the trainer gave; nested objects are joined by dots, as W&B does. */
  metrics: Record<string, MetricValue>;
  /** Values that are no numbers, by the same names: texts, lists, nulls. */
  others: Record<string, unknown>;
}

/** The numbers of a logged record, a boolean counting as 0 or 1. Metrics keep their own names: they are known by them. */
export function scalars(record: object): Scalars {
  const metrics: [string, MetricValue][] = [];
  const others: [string, unknown][] = [];
  const walk = (value: unknown, name: string, depth: number) => {
    if (typeof value === 'number') {
      metrics.push([name, Number.isFinite(value) ? value : (String(value) as MetricValue)]);
    } else if (typeof value === 'boolean') {
      metrics.push([name, value ? 1 : 0]);
    } else if (NON_FINITE_TEXTS.has(value)) {
      metrics.push([name, value as MetricValue]);
    } else if (typeof value === 'string' && isLargeInteger(value)) {
      metrics.push([name, Number(value)]);
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 10) {
      for (const [key, inner] of Object.entries(value)) {
        walk(inner, name === '' ? key : `${name}.${key}`, depth + 1);
      }
    } else {
      others.push([name, value]);
    }
  };
  walk(record, '', 0);
  const fits = ([name]: [string, unknown]) => name !== '' && [...name].length <= LIMITS.nameChars;
  return {
    metrics: Object.fromEntries(metrics.filter(fits)),
    others: Object.fromEntries([...others, ...metrics.filter((one) => !fits(one))]),
  };
}
