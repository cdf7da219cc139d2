import type { DataQuery, DataSourceJsonData } from '@grafana/data';
import type { Condition, OrderBy } from '@rolloscope/contract/types';

/** A text as saved; once its variables are filled in, it may have become several. */
export type Texts = string | string[];

/** What runs can have in common; `*` in a text stands for any characters. */
export const RUN_FIELDS = ['project', 'name', 'group', 'tag', 'state'] as const;
export type RunField = (typeof RUN_FIELDS)[number];

/** Runs by id (or variables that hold ids), or by what they have in common. Every text may hold variables. */
export type RunChoice =
  | { by: 'id'; ids: string[] }
  | ({ by: 'filter'; newest?: number } & { [field in RunField]?: Texts });

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
  /** One step, several (`10, 20`) or a range (`10-20`); empty for all. A step is asked for whatever `rows` says. */
  step?: string;
  filter?: Condition[];
  search?: string;
  orderBy?: OrderBy;
  limit?: number;
  /** Names of the columns to read; all when left out. */
  columns?: string[];
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

export const QUERY_TYPES = ['metrics', 'rows', 'runs', 'status', 'events'] as const satisfies Array<
  StoreQuery['queryType']
>;

export interface RunsOptions extends DataSourceJsonData {
  timeout?: number;
}

export const DEFAULT_ACCURACY = 'eval/accuracy/mean';

export const DEFAULT_QUERY: Omit<MetricsQuery, 'refId'> = {
  version: 1,
  queryType: 'metrics',
  runs: { by: 'filter', newest: 1 },
  metrics: [DEFAULT_ACCURACY],
  x: { by: 'step' },
};

/** What an annotation asks for at first: the events of every run. */
export const DEFAULT_ANNOTATION: Omit<EventsQuery, 'refId'> = {
  version: 1,
  queryType: 'events',
  runs: { by: 'filter' },
};

const isBlank = (texts: readonly string[]) => texts.every((text) => text.trim() === '');

/** Whether a query asks for anything: hidden and unfinished ones are not sent. */
export function isComplete(query: StoreQuery): boolean {
  if (query.hide || (query.runs.by === 'id' && isBlank(query.runs.ids))) {
    return false;
  }
  switch (query.queryType) {
    case 'metrics':
      return !isBlank(query.metrics) && (query.x.by !== 'metric' || !isBlank([query.x.metric]));
    case 'rows':
      return !isBlank([query.table]);
    case 'status':
      return !isBlank([query.accuracy]);
    default:
      return true;
  }
}
