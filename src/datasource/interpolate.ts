import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { LIMITS } from '@rolloscope/contract/limits';
import type { Condition } from '@rolloscope/contract/types';
import { RUN_FIELDS, type RunChoice, type StoreQuery, type Texts } from './query';

export type Replace = Pick<TemplateSrv, 'replace'>;

/** Stands around a variable's values while a text is taken apart; JSON never has it. */
const MARK = '\u0000';

/** Values as JSON, so that commas, quotes and braces in them stay what they are. */
const marked = (value: unknown) => `${MARK}${JSON.stringify(Array.isArray(value) ? value : [value])}${MARK}`;

function valuesOf(json: string): string[] {
  const values = JSON.parse(json) as unknown[];
  return values.filter((value) => value !== null && value !== '').map(String);
}

/** A text with its variables filled in: as many texts as the variables in it have values, none where one has none. */
export function expand(text: string, templates: Replace, scoped?: ScopedVars): string[] {
  const parts = templates.replace(text, scoped, marked).split(MARK);
  return parts.reduce<string[]>(
    (texts, part, i) => {
      const values = i % 2 === 0 ? [part] : valuesOf(part);
      return texts.flatMap((start) => values.map((value) => start + value)).slice(0, LIMITS.runs);
    },
    [''],
  );
}

export const expandAll = (texts: readonly string[], templates: Replace, scoped?: ScopedVars) => [
  ...new Set(texts.flatMap((text) => expand(text, templates, scoped)).filter((text) => text !== '')),
];

function runs(choice: RunChoice, all: (texts: Texts) => string[]): RunChoice {
  if (choice.by === 'id') {
    return { by: 'id', ids: all(choice.ids) };
  }
  const filled: RunChoice = { ...choice };
  for (const field of RUN_FIELDS) {
    const texts = choice[field];
    if (texts !== undefined) {
      filled[field] = all(texts);
    }
  }
  return filled;
}

const COMPARES: ReadonlySet<string> = new Set(['lt', 'le', 'gt', 'ge']);

function condition(one: Condition, all: (texts: Texts) => string[]): Condition {
  const { op, value } = one;
  const isList = Array.isArray(value);
  if (isList ? !value.some((part) => typeof part === 'string') : typeof value !== 'string') {
    return one;
  }
  if (isList) {
    return { ...one, value: value.flatMap((part: unknown) => (typeof part === 'string' ? all(part) : [part])) };
  }
  const texts = all(value as string);
  const [first = ''] = texts;
  if (op === 'in' || (op === 'eq' && texts.length > 1)) {
    return { ...one, op: 'in', value: texts };
  }
  // A variable's values are texts, also where the column holds numbers.
  const wasFilled = first !== value && first.trim() !== '';
  return { ...one, value: COMPARES.has(op) && wasFilled && Number.isFinite(Number(first)) ? Number(first) : first };
}

/** The query with every variable in it filled in; nothing is changed in place. */
export function interpolate(query: StoreQuery, templates: Replace, scoped?: ScopedVars): StoreQuery {
  const all = (texts: Texts) => expandAll(typeof texts === 'string' ? [texts] : texts, templates, scoped);
  const one = (text: string) => all(text)[0] ?? '';
  const common = { runs: runs(query.runs, all) };
  switch (query.queryType) {
    case 'metrics':
      return {
        ...query,
        ...common,
        metrics: all(query.metrics),
        ...(query.x.by === 'metric' && { x: { by: 'metric', metric: one(query.x.metric) } }),
        ...(query.baseline !== undefined && { baseline: one(query.baseline) }),
      };
    case 'rows':
      return {
        ...query,
        ...common,
        table: one(query.table),
        ...(query.step !== undefined && { step: all(query.step).join(',') }),
        ...(query.search !== undefined && { search: one(query.search) }),
        ...(query.columns && { columns: all(query.columns) }),
        ...(query.orderBy && { orderBy: query.orderBy.map((by) => ({ ...by, column: one(by.column) })) }),
        ...(query.filter && {
          filter: query.filter.map((by) => condition({ ...by, column: one(by.column) }, all)),
        }),
      };
    case 'runs':
      return { ...query, ...common, ...(query.metrics && { metrics: all(query.metrics) }) };
    case 'status':
      return { ...query, ...common, accuracy: one(query.accuracy) };
    case 'events':
      return { ...query, ...common, ...(query.types && { types: all(query.types) }) };
  }
}
