import { GROUP_ORDERS, OPERATORS, SEARCH_MODES } from '@rolloscope/contract/names';
import type { Condition, Filter, OrderBy, Search } from '@rolloscope/contract/types';
import type { GroupsQuery, MetricsQuery, Reduction, RunChoice } from './query';
import { DEFAULT_QUERY, REDUCTIONS, RUN_FIELDS } from './query';

/** Readers of a saved query's fields: what fits is kept, what does not is `undefined`, never an error. */

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

export const textOf = (value: unknown): string | undefined => (isText(value) && value !== '' ? value : undefined);

export const textsOf = (value: unknown): string[] | undefined => {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.map(textOf).filter((text) => text !== undefined);
  return texts.length > 0 ? texts : undefined;
};

export const flagOf = (value: unknown): true | undefined => (value === true ? true : undefined);

export const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;

const oneOf = <T extends string>(list: readonly T[], value: unknown): T | undefined =>
  list.find((one) => one === value);

export const reductionOf = (value: unknown): Reduction | undefined => oneOf(REDUCTIONS, value);

/** A weight, or a text that may hold a variable. */
export const smoothingOf = (value: unknown): number | string | undefined =>
  typeof value === 'number' ? (value > 0 && value < 1 ? value : undefined) : textOf(value);

/** By hand, a step may be a number. */
export const stepOf = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : textOf(value);

function conditionOf(value: unknown): Condition | undefined {
  if (!isFields(value) || !isText(value.column) || value.column === '') {
    return undefined;
  }
  const { column, op } = value;
  const known = oneOf(OPERATORS, op);
  const isNull = known === 'isNull' || ((known === 'eq' || known === 'ne') && value.value === null);
  if (isNull) {
    const isNot = known === 'isNull' ? value.value === false : known === 'ne';
    return { column, op: 'isNull', ...(isNot && { value: false }) };
  }
  return known && { column, op: known, value: value.value ?? '' };
}

const conditionsOf = (list: readonly unknown[]): Condition[] =>
  list.map(conditionOf).filter((one) => one !== undefined);

export function filterOf(value: unknown): Filter | undefined {
  const filter = (Array.isArray(value) ? value : []).flatMap((part): Filter => {
    if (!isFields(part) || !Array.isArray(part.anyOf)) {
      return conditionsOf([part]);
    }
    const anyOf = conditionsOf(part.anyOf);
    return anyOf.length > 1 ? [{ anyOf }] : anyOf;
  });
  return filter.length > 0 ? filter : undefined;
}

export function orderOf(value: unknown): OrderBy | undefined {
  const order = (Array.isArray(value) ? value : []).flatMap((by): OrderBy => {
    const column = isFields(by) ? textOf(by.column) : undefined;
    return column ? [{ column, direction: (by as Fields).direction === 'desc' ? 'desc' : 'asc' }] : [];
  });
  return order.length > 0 ? order : undefined;
}

export function groupOrderOf(value: unknown): GroupsQuery['orderBy'] {
  const by = isFields(value) ? oneOf(GROUP_ORDERS, value.by) : undefined;
  return by && { by, direction: (value as Fields).direction === 'desc' ? 'desc' : 'asc' };
}

export function compareToOf(value: unknown): GroupsQuery['compareTo'] {
  const given = isFields(value) ? value : {};
  const [run, step] = [textOf(given.run), stepOf(given.step)];
  return run || step ? { ...(run && { run }), ...(step && { step }) } : undefined;
}

export function searchOf(value: unknown): Search | undefined {
  const text = isFields(value) ? textOf(value.text) : undefined;
  if (!isFields(value) || !text) {
    return textOf(value);
  }
  const mode = oneOf(SEARCH_MODES, value.mode) ?? 'plain';
  const columns = textsOf(value.columns);
  return { text, mode, ...(value.case === true && { case: true }), ...(columns && { columns }) };
}

export function axisOf(value: unknown): MetricsQuery['x'] {
  const by = isFields(value) ? value.by : value;
  return by === 'step' || by === 'time' || by === 'elapsed'
    ? { by }
    : by === 'metric' && isFields(value)
      ? { by, metric: isText(value.metric) ? value.metric : '' }
      : { by: 'auto' };
}

/** Before version 1, that is by hand, runs may be one id or a list of ids; before version 2 `limit` was `newest`. */
export function runsOf(value: unknown): RunChoice {
  if (isText(value) || Array.isArray(value)) {
    return { by: 'id', ids: textsOf(value) ?? [] };
  }
  if (!isFields(value)) {
    return DEFAULT_QUERY.runs;
  }
  const where = filterOf(value.where);
  if (value.by === 'id') {
    return { by: 'id', ids: textsOf(value.ids) ?? [], ...(where && { where }) };
  }
  const choice: RunChoice = { by: 'filter' };
  for (const field of RUN_FIELDS) {
    const given = value[field];
    const texts = isText(given) ? textOf(given) : textsOf(given);
    if (texts) {
      choice[field] = texts;
    }
  }
  const orderBy = orderOf(value.orderBy);
  const limit = countOf(value.limit ?? value.newest);
  return { ...choice, ...(where && { where }), ...(orderBy && { orderBy }), ...(limit && { limit }) };
}
