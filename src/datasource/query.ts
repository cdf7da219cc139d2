import type { DataQuery, DataSourceJsonData } from '@grafana/data';
import type { GROUP_ORDERS } from '@rolloscope/contract/names';
import type { Filter, OrderBy, Search } from '@rolloscope/contract/types';

/** A text as saved; once its variables are filled in, it may have become several. */
export type Texts = string | string[];

/** The fields that runs can have in common; `*` in a text stands for any characters. */
export const RUN_FIELDS = ['project', 'name', 'group', 'tag', 'state'] as const;
export type RunField = (typeof RUN_FIELDS)[number];

/**
 * Runs by id (or variables that hold ids), or by what they have in common. `where` narrows either by run attributes,
 * `config.*` and `summary.*`; the dashboard's ad hoc filters join it. Every text may hold variables.
 */
export type RunChoice =
  | { by: 'id'; ids: string[]; where?: Filter }
  | ({ by: 'filter'; where?: Filter; orderBy?: OrderBy; limit?: number } & { [field in RunField]?: Texts });

/** The version of a query as it is saved; `migrate` brings older ones up to date. */
export const QUERY_VERSION = 2;

interface Common extends DataQuery {
  version: typeof QUERY_VERSION;
  runs: RunChoice;
  /** The editor's way to show the query; the builder when left out. */
  editorMode?: 'code';
}

export interface MetricsQuery extends Common {
  queryType: 'metrics';
  /** Names, globs in which `*` stands for any characters, or `@evals`. */
  metrics: string[];
  /** `auto`: as the panel draws it (`axisOfPanel`); `elapsed`: time since the run's start. */
  x: { by: 'auto' } | { by: 'step' } | { by: 'time' } | { by: 'elapsed' } | { by: 'metric'; metric: string };
  reduce?: Reduction;
  /**
   * Weight of an exponential average, corrected for its start, above 0 and below 1; the raw line stays, faint. A text
   * where it holds a variable: `smoothingWeight` reads both.
   */
  smoothing?: number | string;
  /** Members of a group joined into mean ± spread. */
  group?: boolean;
  /** `all` shows the points that a resumed run has overtaken, too; the effective history when left out. */
  attempts?: 'all';
  /** A run to draw beside the others, dashed. */
  baseline?: string;
  /** The step to mark, normally `$step`: written out, so that Grafana sees what the query depends on. */
  mark?: string;
  /** The name of each line, `{{run}}`, `{{metric}}`, `{{project}}` and `{{group}}` filled in. */
  legend?: string;
  /** True to ask for what came after while runs are running. */
  live?: boolean;
}

interface OfTable extends Common {
  table: string;
  /**
   * One step, several (`10, 20`), a range (`10-20`) or the one that was logged nearest to another (`~45`); empty for
   * all. A step is asked for whatever `rows` says.
   */
  step?: string;
  filter?: Filter;
  search?: Search;
  limit?: number;
}

export interface RowsQuery extends OfTable {
  queryType: 'rows';
  rows: 'all' | 'latest';
  orderBy?: OrderBy;
  /** Names of the columns to read; all when left out. */
  columns?: string[];
  /** True to ask for what came after while runs are running. */
  live?: boolean;
}

/** Prompt groups: a line for all rollouts of one prompt. */
export interface GroupsQuery extends OfTable {
  queryType: 'groups';
  /** Another run, or another step, whose means the change is measured against. */
  compareTo?: { run?: string; step?: string };
  orderBy?: { by: GroupOrder; direction: 'asc' | 'desc' };
}

/** A table of runs. */
export interface RunsQuery extends Common {
  queryType: 'runs';
  /** Metrics whose last values are shown. */
  metrics?: string[];
}

/** The config of runs side by side: what differs, or with `all` what agrees too. */
interface CompareQuery extends Common {
  queryType: 'compare';
  all?: boolean;
}

/** A query of how one run is doing, in one row. */
export interface StatusQuery extends Common {
  queryType: 'status';
  /** The eval metric that counts; where it is empty, the rest is shown. */
  accuracy: string;
}

/** Run events, for annotations. */
export interface EventsQuery extends Common {
  queryType: 'events';
  types?: string[];
  /** The step whose moment is marked too, normally `$step`. */
  mark?: string;
}

export type StoreQuery = MetricsQuery | RowsQuery | GroupsQuery | RunsQuery | CompareQuery | StatusQuery | EventsQuery;

export const QUERY_TYPES = [
  'metrics',
  'rows',
  'groups',
  'runs',
  'compare',
  'status',
  'events',
] as const satisfies Array<StoreQuery['queryType']>;

export const REDUCTIONS = ['extremes', 'mean', 'last'] as const;
export type Reduction = (typeof REDUCTIONS)[number];
type GroupOrder = (typeof GROUP_ORDERS)[number];

export interface RunsOptions extends DataSourceJsonData {
  timeout?: number;
  /** The address at which trainers reach the store, if not Grafana's server's; the app's page shows it to everybody. */
  trainerUrl?: string;
  /** Grafana keeps a token to label rollouts with, which browsers never see. */
  labels?: boolean;
}

export const DEFAULT_ACCURACY = 'eval/accuracy/mean';

export const DEFAULT_QUERY: Omit<MetricsQuery, 'refId'> = {
  version: QUERY_VERSION,
  queryType: 'metrics',
  runs: { by: 'filter', limit: 1 },
  metrics: [DEFAULT_ACCURACY],
  x: { by: 'auto' },
};

/** The first question of an annotation: the events of every run. */
export const DEFAULT_ANNOTATION: Omit<EventsQuery, 'refId'> = {
  version: QUERY_VERSION,
  queryType: 'events',
  runs: { by: 'filter' },
  mark: '$step',
};

const isBlank = (texts: readonly string[]) => texts.every((text) => text.trim() === '');

/** Says whether a query asks for anything: hidden and unfinished ones are not sent. */
export function isComplete(query: StoreQuery): boolean {
  if (query.hide || (query.runs.by === 'id' && isBlank(query.runs.ids))) {
    return false;
  }
  switch (query.queryType) {
    case 'metrics':
      return !isBlank(query.metrics) && (query.x.by !== 'metric' || !isBlank([query.x.metric]));
    case 'rows':
    case 'groups':
      return !isBlank([query.table]);
    default:
      return true;
  }
}
