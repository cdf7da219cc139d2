import { LIMITS } from '@rolloscope/contract/limits';
import type {
  Condition,
  Filter,
  MetricsRequest,
  RowsRequest,
  RunSelector,
  StepRange,
  TimeRange,
} from '@rolloscope/contract/types';
import { type MetricsQuery, type RowsQuery, RUN_FIELDS, type RunChoice } from './query';

/** Characters of a cell that a page carries; the whole comes when a row opens. */
export const PREVIEW_CHARS = 1_000;
const PAGE_ROWS = 500;
const MIN_POINTS = 100;

/** What Grafana's variables, and people, write for all. */
const ALL: ReadonlySet<string> = new Set(['$__all', '*', '.*']);

/** A glob as a regular expression of RE2 and of JavaScript. */
export const globToPattern = (glob: string) =>
  `^${glob
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('.*')}$`;

const equals = (column: string, value: string): Condition =>
  value.includes('*') ? { column, op: 'matches', value: globToPattern(value) } : { column, op: 'eq', value };

/** The filter of a choice of runs; empty fields ask for nothing. */
export function runFilter(choice: Extract<RunChoice, { by: 'filter' }>): Filter {
  return RUN_FIELDS.flatMap((column): Filter => {
    const given = choice[column] ?? [];
    const texts = (typeof given === 'string' ? [given] : given).filter((text) => text !== '');
    if (texts.length === 0 || texts.some((text) => ALL.has(text))) {
      return [];
    }
    const conditions = texts.slice(0, LIMITS.conditions).map((text) => equals(column, text));
    return conditions.length === 1 ? conditions : [{ anyOf: conditions }];
  });
}

/** How a choice of runs goes over the wire: the newest first. */
export function runSelector(choice: RunChoice): RunSelector {
  if (choice.by === 'id') {
    return choice.ids.some((id) => ALL.has(id)) ? { where: [] } : choice.ids;
  }
  return { where: runFilter(choice), ...(choice.newest !== undefined && { limit: choice.newest }) };
}

export function metricsRequest(query: MetricsQuery, maxPoints = 1_000, times?: TimeRange): MetricsRequest {
  const runs = runSelector(query.runs);
  const withBaseline = Array.isArray(runs) && query.baseline ? [...new Set([...runs, query.baseline])] : runs;
  return {
    runs: withBaseline,
    metrics: query.metrics,
    x: query.x.by === 'metric' ? { metric: query.x.metric } : query.x.by,
    ...(times && { times }),
    maxPoints: Math.round(Math.min(LIMITS.points, Math.max(MIN_POINTS, maxPoints))),
    ...(query.reduce && { reduce: query.reduce }),
    ...(query.group && { groupBy: 'group' }),
  };
}

/** `7` is one step, `10-20` a range, `10, 20` these two; empty asks for none. Throws on anything else. */
export function stepSelection(text = ''): { steps?: StepRange; filter?: Filter } {
  if (text.trim() === '') {
    return {};
  }
  const range = /^\s*(-?\d+)\s*-\s*(-?\d+)\s*$/.exec(text);
  if (range) {
    return { steps: { from: Number(range[1]), to: Number(range[2]) } };
  }
  const list = text.split(',').map((part) => part.trim());
  if (!list.every((part) => /^-?\d+$/.test(part))) {
    throw new Error(`"${text}" is no step: write one such as 70, a range such as 10-20, or several such as 10, 20.`);
  }
  const steps = list.map(Number);
  const [step = 0] = steps;
  return steps.length === 1
    ? { steps: { from: step, to: step } }
    : { filter: [{ column: 'step', op: 'in', value: steps }] };
}

/** A condition whose value is still empty, in the editor or in its variable, asks for nothing. */
const isFinished = ({ op, value }: Condition) =>
  op === 'isNull' || !(value === undefined || value === '' || (Array.isArray(value) && value.length === 0));

export function rowsRequest(query: RowsQuery): RowsRequest {
  const { steps, filter: stepFilter = [] } = stepSelection(query.step);
  const filter = [...stepFilter, ...(query.filter ?? []).filter(isFinished)];
  const isLatest = query.rows === 'latest' && !steps && stepFilter.length === 0;
  return {
    runs: runSelector(query.runs),
    table: query.table,
    ...(isLatest && { version: 'latest' }),
    ...(steps && { steps }),
    ...(filter.length > 0 && { filter }),
    ...(query.search && { search: query.search }),
    ...(query.orderBy && query.orderBy.length > 0 && { orderBy: query.orderBy }),
    ...(query.columns && query.columns.length > 0 && { columns: query.columns }),
    limit: Math.min(query.limit ?? PAGE_ROWS, LIMITS.pageRows),
    preview: PREVIEW_CHARS,
  };
}
