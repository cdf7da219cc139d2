import type { DataQuery } from '@grafana/data';
import {
  DEFAULT_ACCURACY,
  DEFAULT_QUERY,
  type MetricsQuery,
  QUERY_TYPES,
  type RowsQuery,
  RUN_FIELDS,
  type RunChoice,
  type StatusQuery,
  type StoreQuery,
} from './query';

/** A query as it may stand in a dashboard: of any version, written by hand, or left by another data source. */
export type SavedQuery = DataQuery & { version?: number } & Record<string, unknown>;

const texts = (value: unknown, otherwise: string[]): string[] =>
  typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? value.filter((one) => typeof one === 'string')
      : otherwise;

const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);

/** Before version 1, that is by hand, runs may be one id, or a list of ids. */
function runsOf(value: unknown): RunChoice {
  if (typeof value === 'string' || Array.isArray(value)) {
    return { by: 'id', ids: texts(value, []) };
  }
  if (typeof value !== 'object' || value === null) {
    return DEFAULT_QUERY.runs;
  }
  const given = value as Record<string, unknown>;
  if (given.by === 'id') {
    return { by: 'id', ids: texts(given.ids, []) };
  }
  const choice: RunChoice = { by: 'filter' };
  for (const field of RUN_FIELDS) {
    const one = given[field];
    if (typeof one === 'string' || Array.isArray(one)) {
      choice[field] = typeof one === 'string' ? one : texts(one, []);
    }
  }
  const { newest } = given;
  return typeof newest === 'number' && Number.isInteger(newest) && newest > 0 ? { ...choice, newest } : choice;
}

function axisOf(value: unknown): MetricsQuery['x'] {
  const { by, metric } = (typeof value === 'object' && value !== null ? value : { by: value }) as Partial<
    Record<'by' | 'metric', unknown>
  >;
  return by === 'time' ? { by } : by === 'metric' ? { by, metric: text(metric, '') } : { by: 'step' };
}

/** Brings a saved query of any version to today's; what is missing takes its default. */
export function migrate(saved: DataQuery): StoreQuery {
  const given = saved as SavedQuery;
  const queryType = QUERY_TYPES.find((type) => type === given.queryType);
  if (!queryType) {
    const { refId, hide, datasource } = given;
    const kept = { refId, ...(hide !== undefined && { hide }), ...(datasource !== undefined && { datasource }) };
    return given.queryType === undefined
      ? filled({ ...DEFAULT_QUERY, ...given, queryType: DEFAULT_QUERY.queryType })
      : { ...DEFAULT_QUERY, ...kept };
  }
  return filled({ ...given, queryType });
}

function filled(given: SavedQuery): StoreQuery {
  const common = { ...given, version: 1 as const, runs: runsOf(given.runs) };
  switch (given.queryType as StoreQuery['queryType']) {
    case 'metrics':
      return { ...common, queryType: 'metrics', metrics: texts(given.metrics, []), x: axisOf(given.x) } as MetricsQuery;
    case 'rows':
      return {
        ...common,
        queryType: 'rows',
        table: text(given.table, ''),
        rows: given.rows === 'latest' ? 'latest' : 'all',
        ...(typeof given.step === 'number' && { step: String(given.step) }),
      } as RowsQuery;
    case 'status':
      return { ...common, queryType: 'status', accuracy: text(given.accuracy, DEFAULT_ACCURACY) } as StatusQuery;
    case 'runs':
      return {
        ...common,
        queryType: 'runs',
        ...(given.metrics !== undefined && { metrics: texts(given.metrics, []) }),
      };
    case 'events':
      return { ...common, queryType: 'events', ...(given.types !== undefined && { types: texts(given.types, []) }) };
  }
}
