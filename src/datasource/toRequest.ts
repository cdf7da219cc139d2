import type { Filter, MetricsRequest, RowsRequest, RunSelector, StepRange } from '@rolloscope/contract/types';
import type { MetricsQuery, RowsQuery, RunChoice } from './query';

/** Characters of a cell that a page carries; the whole comes when a row opens. */
export const PREVIEW_CHARS = 1_000;
const PAGE_ROWS = 500;

const globToPattern = (glob: string) =>
  `^${glob
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}-]/g, '\\$&'))
    .join('.*')}$`;

/** The filter of a choice of runs; empty fields ask for nothing. */
export function runFilter(choice: Extract<RunChoice, { by: 'filter' }>): Filter {
  const filter: Filter = [];
  const add = (column: string, value: string | undefined) => {
    if (value) {
      filter.push(
        value.includes('*') ? { column, op: 'matches', value: globToPattern(value) } : { column, op: 'eq', value },
      );
    }
  };
  add('project', choice.project);
  add('name', choice.name);
  add('group', choice.group);
  add('tag', choice.tag);
  add('state', choice.state);
  return filter;
}

/** How a choice of runs goes over the wire: the newest first. */
export function runSelector(choice: RunChoice): RunSelector {
  if (choice.by === 'id') {
    return choice.ids.includes('$__all') || choice.ids.includes('*') ? { where: [] } : choice.ids;
  }
  return { where: runFilter(choice), ...(choice.newest !== undefined && { limit: choice.newest }) };
}

export function metricsRequest(query: MetricsQuery, maxPoints: number): MetricsRequest {
  const runs = runSelector(query.runs);
  const withBaseline = Array.isArray(runs) && query.baseline ? [...new Set([...runs, query.baseline])] : runs;
  return {
    runs: withBaseline,
    metrics: query.metrics,
    x: query.x.by === 'metric' ? { metric: query.x.metric } : query.x.by,
    maxPoints: Math.max(100, maxPoints),
    ...(query.reduce && { reduce: query.reduce }),
    ...(query.group && { groupBy: 'group' }),
  };
}

/** `7` is one step, `10-20` a range; anything else asks for none. */
export function stepRange(text: string | undefined): StepRange | undefined {
  const match = /^\s*(-?\d+)(?:\s*-\s*(-?\d+))?\s*$/.exec(text ?? '');
  if (!match) {
    return undefined;
  }
  const from = Number(match[1]);
  return { from, to: match[2] === undefined ? from : Number(match[2]) };
}

export function rowsRequest(query: RowsQuery): RowsRequest {
  const steps = stepRange(query.step);
  return {
    runs: runSelector(query.runs),
    table: query.table,
    ...(query.rows === 'latest' && !steps && { version: 'latest' }),
    ...(steps && { steps }),
    ...(query.filter && query.filter.length > 0 && { filter: query.filter }),
    ...(query.search && { search: query.search }),
    limit: query.limit ?? PAGE_ROWS,
    preview: PREVIEW_CHARS,
  };
}
