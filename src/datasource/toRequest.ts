import { LIMITS } from '@rolloscope/contract/limits';
import type {
  Condition,
  Filter,
  MetricsRequest,
  RowSelection,
  RowsRequest,
  RunSelector,
  StepRange,
  TimeRange,
} from '@rolloscope/contract/types';
import { NothingChosen } from './NothingChosen';
import { type GroupsQuery, type MetricsQuery, type RowsQuery, RUN_FIELDS, type RunChoice } from './query';

/** Characters of a cell that a page carries; the whole comes when a row opens. */
const PREVIEW_CHARS = 1_000;
const PAGE_ROWS = 500;
const MIN_POINTS = 100;
/** Panels of about the same width ask alike, so that one request does for them. */
const ALIKE = 50;

/** The words that Grafana's variables, and people, write for all. */
const ALL: ReadonlySet<string> = new Set(['$__all', '*', '.*']);

/** A glob as a regular expression of RE2, for the store; `fitsGlob` is what runs here, where it would not be linear. */
export const globToPattern = (glob: string) =>
  `^${glob
    .split('*')
    .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('.*')}$`;

const equals = (column: string, value: string): Condition =>
  value.includes('*') ? { column, op: 'matches', value: globToPattern(value) } : { column, op: 'eq', value };

/** The filter of a choice of runs; empty fields ask for nothing. */
function runFilter(choice: Extract<RunChoice, { by: 'filter' }>): Filter {
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

/** Writes a choice of runs as it goes over the wire: the newest first, unless it says which. */
export function runSelector(choice: RunChoice): RunSelector {
  const where = finished(choice.where);
  if (choice.by === 'id') {
    const isAll = choice.ids.some((id) => ALL.has(id));
    return isAll ? { where } : where.length > 0 ? { ids: choice.ids, where } : choice.ids;
  }
  const orderBy = choice.orderBy?.filter(({ column }) => column !== '') ?? [];
  return {
    where: [...runFilter(choice), ...where],
    ...(orderBy.length > 0 && { orderBy }),
    ...(choice.limit !== undefined && { limit: Math.min(choice.limit, LIMITS.runs) }),
  };
}

/** The same as an object; runs named are there, archived ones too. */
export function runWhere(choice: RunChoice): Exclude<RunSelector, string[]> {
  const selector = runSelector(choice);
  return Array.isArray(selector) ? { ids: selector, where: [] } : selector;
}

export function metricsRequest(query: MetricsQuery, maxPoints = 1_000, times?: TimeRange): MetricsRequest {
  const runs = runSelector(query.runs);
  const withBaseline = Array.isArray(runs) && query.baseline ? [...new Set([...runs, query.baseline])] : runs;
  return {
    runs: withBaseline,
    metrics: query.metrics,
    x:
      query.x.by === 'metric'
        ? { metric: query.x.metric }
        : query.x.by === 'time' || query.x.by === 'elapsed'
          ? 'time'
          : 'step',
    ...(times && { times }),
    maxPoints: Math.min(LIMITS.points, Math.max(MIN_POINTS, Math.floor(maxPoints / ALIKE) * ALIKE)),
    ...(query.reduce && { reduce: query.reduce }),
    ...(query.group && { groupBy: 'group' }),
    ...(query.attempts && { attempts: query.attempts }),
  };
}

/** The step of a text such as `~45`, which asks for the nearest one that was logged; undefined for any other text. */
export function nearestTo(text = ''): number | undefined {
  const step = Number(/^\s*~\s*(-?\d+)\s*$/.exec(text)?.[1]);
  return Number.isSafeInteger(step) ? step : undefined;
}

/** `7` is one step, `10-20` a range, `10, 20` these two; empty, or nearest to nothing (`~`), asks for none. Throws on anything else. */
export function stepSelection(text = ''): { steps?: StepRange; filter?: Filter } {
  if (/^\s*~?\s*$/.test(text)) {
    return {};
  }
  const refuse = () =>
    new Error(
      `"${text}" is no step: write one such as 70, a range such as 10-20, several such as 10, 20, or ~70 for the nearest one.`,
    );
  const range = /^\s*(-?\d+)\s*-\s*(-?\d+)\s*$/.exec(text);
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
      throw refuse();
    }
    return { steps: { from, to } };
  }
  if (/^\s*,|,\s*$/.test(text)) {
    // A variable of the list is empty.
    throw new NothingChosen('The steps to compare are still to be chosen.');
  }
  const list = text.split(',').map((part) => part.trim());
  const steps = list.map(Number);
  if (!list.every((part) => /^-?\d+$/.test(part)) || !steps.every(Number.isSafeInteger)) {
    throw refuse();
  }
  const [step = 0] = steps;
  return steps.length === 1
    ? { steps: { from: step, to: step } }
    : { filter: [{ column: 'step', op: 'in', value: steps }] };
}

/** The weight of the smoothing, none where the query wants none. Throws where it is none between 0 and 1. */
export function smoothingWeight({ smoothing = '' }: Pick<MetricsQuery, 'smoothing'>): number | undefined {
  const weight = Number(smoothing);
  if (weight === 0) {
    return undefined;
  }
  if (!(weight > 0 && weight < 1)) {
    throw new Error(`"${smoothing}" smooths nothing: write a weight above 0 and below 1, such as 0.9.`);
  }
  return weight;
}

/** A condition whose value is still empty, in the editor or in its variable, asks for nothing; nor does "all". */
function isFinished({ column, op, value }: Condition): boolean {
  const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  const isAll = (Array.isArray(value) ? value : [value]).includes('$__all');
  return column !== '' && (op === 'isNull' || !(isEmpty || isAll));
}

function finished(filter: Filter = []): Filter {
  return filter.flatMap((part): Filter => {
    if (!('anyOf' in part)) {
      return isFinished(part) ? [part] : [];
    }
    const anyOf = part.anyOf.filter(isFinished);
    return anyOf.length > 0 ? [{ anyOf }] : [];
  });
}

/** Returns the rows that a query asks for; the groups of the same rows are asked for alike. */
export function rowSelection(query: RowsQuery | GroupsQuery): RowSelection {
  const { steps, filter: stepFilter = [] } = stepSelection(query.step);
  const filter = [...stepFilter, ...finished(query.filter)];
  const isLatest = query.queryType === 'rows' && query.rows === 'latest' && !steps && stepFilter.length === 0;
  const hasSearch = (typeof query.search === 'string' ? query.search : (query.search?.text ?? '')) !== '';
  return {
    runs: runSelector(query.runs),
    table: query.table,
    ...(isLatest && { version: 'latest' }),
    ...(steps && { steps }),
    ...(filter.length > 0 && { filter }),
    ...(query.search !== undefined && hasSearch && { search: query.search }),
  };
}

export function rowsRequest(query: RowsQuery): RowsRequest {
  const selection = rowSelection(query);
  const isOrdered = query.orderBy !== undefined && query.orderBy.length > 0;
  return {
    ...selection,
    ...(query.orderBy && isOrdered && { orderBy: query.orderBy }),
    // A history without an order begins with what came last: the page that the panel shows first.
    ...(selection.version !== 'latest' && !isOrdered && { lens: 'newest' as const }),
    groupSpread: true,
    ...(query.columns && query.columns.length > 0 && { columns: query.columns }),
    limit: Math.min(query.limit ?? PAGE_ROWS, LIMITS.pageRows),
    preview: PREVIEW_CHARS,
  };
}
