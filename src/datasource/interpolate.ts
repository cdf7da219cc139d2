import type { ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { LIMITS } from '@rolloscope/contract/limits';
import type { OrderBy, Search } from '@rolloscope/contract/types';
import { fillFilter } from './interpolateFilter';
import {
  type GroupsQuery,
  type MetricsQuery,
  type RowsQuery,
  RUN_FIELDS,
  type RunChoice,
  type StoreQuery,
  type Texts,
} from './query';

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

/** Every text of a query goes through here, so that a dashboard's variables work in each. */
export function filler(templates: Replace, scoped?: ScopedVars) {
  const all = (texts: Texts) => expandAll(typeof texts === 'string' ? [texts] : texts, templates, scoped);
  const one = (text: string) => all(text)[0] ?? '';
  return { all, one };
}
export type Fill = ReturnType<typeof filler>;

const order = (orderBy: OrderBy, { one }: Fill): OrderBy => orderBy.map((by) => ({ ...by, column: one(by.column) }));

export function fillRuns(choice: RunChoice, fill: Fill): RunChoice {
  const where = choice.where && { where: fillFilter(choice.where, fill.all) };
  if (choice.by === 'id') {
    return { by: 'id', ids: fill.all(choice.ids), ...where };
  }
  const filled: RunChoice = { ...choice, ...where, ...(choice.orderBy && { orderBy: order(choice.orderBy, fill) }) };
  for (const field of RUN_FIELDS) {
    const texts = choice[field];
    if (texts !== undefined) {
      filled[field] = fill.all(texts);
    }
  }
  return filled;
}

function search(given: Search, { all, one }: Fill): Search {
  return typeof given === 'string'
    ? one(given)
    : { ...given, text: one(given.text), ...(given.columns && { columns: all(given.columns) }) };
}

/** A list of steps that waits for one of its variables stays one: it must not become every step. */
function stepOf(step: string, fill: Fill): string {
  const steps = fill.all(step).join(',');
  return steps === '' && step.includes(',') ? ',' : steps;
}

/** Fills in the fields that all queries over a table have. */
const ofTable = (query: RowsQuery | GroupsQuery, fill: Fill) => ({
  table: fill.one(query.table),
  ...(query.step !== undefined && { step: stepOf(query.step, fill) }),
  ...(query.search !== undefined && { search: search(query.search, fill) }),
  ...(query.filter && { filter: fillFilter(query.filter, fill.all) }),
});

function metrics(query: MetricsQuery, { all, one }: Fill): MetricsQuery {
  const { x, smoothing, baseline, mark, legend } = query;
  return {
    ...query,
    metrics: all(query.metrics),
    ...(x.by === 'metric' && { x: { by: 'metric', metric: one(x.metric) } }),
    ...(smoothing !== undefined && { smoothing: typeof smoothing === 'string' ? one(smoothing) : smoothing }),
    ...(baseline !== undefined && { baseline: one(baseline) }),
    ...(mark !== undefined && { mark: one(mark) }),
    ...(legend !== undefined && { legend: one(legend) }),
  };
}

function compareTo({ run, step }: NonNullable<GroupsQuery['compareTo']>, { one }: Fill) {
  return { ...(run !== undefined && { run: one(run) }), ...(step !== undefined && { step: one(step) }) };
}

/** The query with every variable in it filled in; nothing is changed in place. */
export function interpolate(saved: StoreQuery, templates: Replace, scoped?: ScopedVars): StoreQuery {
  const fill = filler(templates, scoped);
  const query = { ...saved, runs: fillRuns(saved.runs, fill) };
  switch (query.queryType) {
    case 'metrics':
      return metrics(query, fill);
    case 'rows':
      return {
        ...query,
        ...ofTable(query, fill),
        ...(query.columns && { columns: fill.all(query.columns) }),
        ...(query.orderBy && { orderBy: order(query.orderBy, fill) }),
      };
    case 'groups':
      return {
        ...query,
        ...ofTable(query, fill),
        ...(query.compareTo && { compareTo: compareTo(query.compareTo, fill) }),
      };
    case 'runs':
      return { ...query, ...(query.metrics && { metrics: fill.all(query.metrics) }) };
    case 'status':
      return { ...query, accuracy: fill.one(query.accuracy) };
    case 'events':
      return {
        ...query,
        ...(query.types && { types: fill.all(query.types) }),
        ...(query.mark !== undefined && { mark: fill.one(query.mark) }),
      };
    case 'compare':
      return query;
  }
}
