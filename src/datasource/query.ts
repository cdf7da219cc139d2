import type { DataQuery, DataSourceJsonData } from '@grafana/data';
import type { Condition } from '@rolloscope/contract/types';

/** Runs by id (or variables that hold ids), or by what they have in common. Every text may hold variables. */
export type RunChoice =
  | { by: 'id'; ids: string[] }
  | { by: 'filter'; project?: string; name?: string; group?: string; tag?: string; state?: string; newest?: number };

interface Common extends DataQuery {
  /** Of the saved form; `migrate` brings older ones up to date. */
  version: 1;
  runs: RunChoice;
}

export interface MetricsQuery extends Common {
  queryType: 'metrics';
  /** Names, or globs in which `*` stands for any characters. */
  metrics: string[];
  x: { by: 'step' } | { by: 'time' } | { by: 'metric'; metric: string };
  reduce?: 'extremes' | 'mean' | 'last';
  /** Members of a group joined into mean ± spread. */
  group?: boolean;
  /** A run to draw beside the others, dashed. */
  baseline?: string;
}

export interface RowsQuery extends Common {
  queryType: 'rows';
  table: string;
  rows: 'all' | 'latest';
  /** One step, or a range such as `10-20`; empty for all. A step asks for its rows whatever `rows` says. */
  step?: string;
  filter?: Condition[];
  search?: string;
  limit?: number;
}

/** A table of runs. */
export interface RunsQuery extends Common {
  queryType: 'runs';
  /** Metrics whose last values are shown. */
  metrics?: string[];
}

/** How one run is doing, in one row. */
export interface StatusQuery extends Common {
  queryType: 'status';
  /** The eval metric that counts. */
  accuracy: string;
}

/** Run events, for annotations. */
export interface EventsQuery extends Common {
  queryType: 'events';
  types?: string[];
}

export type StoreQuery = MetricsQuery | RowsQuery | RunsQuery | StatusQuery | EventsQuery;

export interface RunsOptions extends DataSourceJsonData {
  /** `Authorization`, where a token is set. */
  httpHeaderName1?: string;
  timeout?: number;
}

export const DEFAULT_QUERY: Omit<MetricsQuery, 'refId'> = {
  version: 1,
  queryType: 'metrics',
  runs: { by: 'filter', newest: 1 },
  metrics: ['eval/accuracy/mean'],
  x: { by: 'step' },
};

/** Brings a saved query of any version to today's; what is missing takes its default. */
export function migrate(saved: DataQuery & Partial<Omit<StoreQuery, 'version'>> & { version?: number }): StoreQuery {
  if (saved.queryType === undefined) {
    return { ...DEFAULT_QUERY, ...saved } as StoreQuery;
  }
  // There is one version so far: fields that a hand-written query leaves out are filled in.
  return {
    ...saved,
    version: 1,
    runs: saved.runs ?? DEFAULT_QUERY.runs,
    ...(saved.queryType === 'metrics' && {
      metrics: (saved as Partial<MetricsQuery>).metrics ?? [],
      x: (saved as Partial<MetricsQuery>).x ?? { by: 'step' },
    }),
    ...(saved.queryType === 'rows' && {
      table: (saved as Partial<RowsQuery>).table ?? '',
      rows: (saved as Partial<RowsQuery>).rows ?? 'all',
    }),
    ...(saved.queryType === 'status' && {
      accuracy: (saved as Partial<StatusQuery>).accuracy ?? 'eval/accuracy/mean',
    }),
  } as StoreQuery;
}

/** Whether a query asks for anything: hidden and unfinished ones are not sent. */
export function isComplete(query: StoreQuery): boolean {
  if (query.hide || (query.runs.by === 'id' && query.runs.ids.every((id) => id.trim() === ''))) {
    return false;
  }
  switch (query.queryType) {
    case 'metrics':
      return query.metrics.some((name) => name.trim() !== '');
    case 'rows':
      return query.table.trim() !== '';
    default:
      return true;
  }
}
