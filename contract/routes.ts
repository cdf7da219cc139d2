import { type Static, type TSchema, Type } from 'typebox';
import { ADDRESSES, type Address, type RouteName } from './addresses';
import type { ErrorCode } from './errors';
import { LabelAnswer, LabelPut, LabelsAnswer, LabelsQuery } from './labels';
import * as lists from './lists';
import * as log from './log';
import { MediaBytes, MediaQuery, MediaRef } from './media';
import { MetricsAnswer, MetricsRequest } from './metrics';
import type { Scope } from './names';
import * as rows from './rows';
import { ProjectsAnswer, Run, RunDeleted, RunFinish, RunPut } from './run';
import { strict } from './scalars';

export interface Route extends Address {
  /** The right that a token must have; `none` needs no token. */
  scope: 'none' | Scope;
  summary: string;
  query?: TSchema;
  body?: TSchema;
  /** Schema of the JSON answer; left out where the answer is a stream. */
  answer?: TSchema;
  /** Codes beyond those that any call can answer (`COMMON_ERRORS`). */
  errors: readonly ErrorCode[];
}

/** Any call can answer these. */
export const COMMON_ERRORS = [
  'invalid_request',
  'token_missing',
  'token_wrong',
  'not_allowed',
  'internal',
  'unavailable',
] as const satisfies readonly ErrorCode[];

const READ = ['query_too_slow', 'too_busy', 'out_of_memory'] as const;
const SELECT_ROWS = [
  'invalid_json',
  'limit_exceeded',
  'body_too_large',
  'run_not_found',
  'table_not_found',
  'unknown_column',
  'invalid_pattern',
  'invalid_as_of',
  ...READ,
] as const;
const SELECT_RUNS = [
  'invalid_json',
  'limit_exceeded',
  'body_too_large',
  'run_not_found',
  'unknown_column',
  'invalid_pattern',
  ...READ,
] as const;
/** The error of a call that goes beyond a limit of the run over all its calls (`metrics`, `configKeys`, `tables` …). */
const beyond = Type.Optional(
  Type.Enum(['refuse', 'leave'], {
    description:
      'What goes beyond what a run may have over all calls (metrics, configKeys, runBytes, tables, columns): refuse the call, the default; or leave that out, take the rest, and tell it once by an event `left_out`.',
  }),
);
const WRITE = [
  'invalid_json',
  'limit_exceeded',
  'body_too_large',
  'unsupported_media_type',
  'proxied_write',
  'too_busy',
  'out_of_memory',
  'disk_full',
] as const;

/** The whole API, v1: what the store registers, what the OpenAPI page says, what conformance checks. */
export const ROUTES = {
  health: {
    ...ADDRESSES.health,
    scope: 'none',
    summary: 'Is the store up?',
    answer: log.Health,
    errors: [],
  },
  openapi: {
    ...ADDRESSES.openapi,
    scope: 'none',
    summary: 'This page',
    answer: Type.Object({}),
    errors: [],
  },
  projects: {
    ...ADDRESSES.projects,
    scope: 'read',
    summary: 'Projects that the token may see',
    answer: ProjectsAnswer,
    errors: [],
  },
  runs: {
    ...ADDRESSES.runs,
    scope: 'read',
    summary: 'Runs, newest first',
    query: lists.RunsQuery,
    answer: lists.RunsAnswer,
    errors: ['invalid_cursor'],
  },
  run: {
    ...ADDRESSES.run,
    scope: 'read',
    summary: 'One run, whole',
    answer: Run,
    errors: ['run_not_found'],
  },
  queryRuns: {
    ...ADDRESSES.queryRuns,
    scope: 'read',
    summary: 'Runs by a filter over attributes, config and summary',
    body: lists.RunsRequest,
    answer: lists.RunsAnswer,
    errors: [
      'invalid_json',
      'limit_exceeded',
      'body_too_large',
      'invalid_cursor',
      'invalid_pattern',
      'unknown_column',
      ...READ,
    ],
  },
  queryKeys: {
    ...ADDRESSES.queryKeys,
    scope: 'read',
    summary: 'Keys of run attributes and config, with counts',
    body: lists.KeysRequest,
    answer: lists.KeysAnswer,
    errors: SELECT_RUNS,
  },
  queryValues: {
    ...ADDRESSES.queryValues,
    scope: 'read',
    summary: 'Values of one key, with counts',
    body: lists.ValuesRequest,
    answer: lists.ValuesAnswer,
    errors: SELECT_RUNS,
  },
  queryMetricList: {
    ...ADDRESSES.queryMetricList,
    scope: 'read',
    summary: 'Metrics of the selected runs',
    body: lists.MetricListRequest,
    answer: lists.MetricListAnswer,
    errors: SELECT_RUNS,
  },
  queryTableList: {
    ...ADDRESSES.queryTableList,
    scope: 'read',
    summary: 'Tables of the selected runs, with their columns',
    body: lists.TableListRequest,
    answer: lists.TableListAnswer,
    errors: SELECT_RUNS,
  },
  queryMetrics: {
    ...ADDRESSES.queryMetrics,
    scope: 'read',
    summary: 'Points of metrics, downsampled',
    body: MetricsRequest,
    answer: MetricsAnswer,
    errors: [...SELECT_RUNS, 'metric_not_found', 'invalid_as_of'],
  },
  queryRows: {
    ...ADDRESSES.queryRows,
    scope: 'read',
    summary: 'A page of rows of a table',
    query: rows.RowsQuery,
    body: rows.RowsRequest,
    answer: rows.RowsAnswer,
    errors: SELECT_ROWS,
  },
  progress: {
    ...ADDRESSES.progress,
    scope: 'read',
    summary: 'How far a page of rows is that is under way',
    answer: rows.ProgressAnswer,
    errors: [],
  },
  row: {
    ...ADDRESSES.row,
    scope: 'read',
    summary: 'One row, uncut',
    answer: rows.RowAnswer,
    errors: ['row_not_found', ...READ],
  },
  queryDistribution: {
    ...ADDRESSES.queryDistribution,
    scope: 'read',
    summary: 'Histogram of a column by step, or a grid of two columns',
    body: rows.DistributionRequest,
    answer: rows.DistributionAnswer,
    errors: SELECT_ROWS,
  },
  queryFacets: {
    ...ADDRESSES.queryFacets,
    scope: 'read',
    summary: 'Values of columns and lenses, with counts',
    body: rows.FacetsRequest,
    answer: rows.FacetsAnswer,
    errors: SELECT_ROWS,
  },
  queryGroups: {
    ...ADDRESSES.queryGroups,
    scope: 'read',
    summary: 'A line per prompt',
    body: rows.GroupsRequest,
    answer: rows.GroupsAnswer,
    errors: SELECT_ROWS,
  },
  createExport: {
    ...ADDRESSES.createExport,
    scope: 'read',
    summary: 'A ticket to download every matching row',
    body: rows.ExportRequest,
    answer: rows.ExportAnswer,
    errors: SELECT_ROWS,
  },
  export: {
    ...ADDRESSES.export,
    scope: 'read',
    summary: 'Every matching row, as an attachment',
    errors: ['export_not_found'],
  },
  labels: {
    ...ADDRESSES.labels,
    scope: 'read',
    summary: 'What people said of a rollout',
    query: LabelsQuery,
    answer: LabelsAnswer,
    errors: ['row_not_found', 'invalid_as_of', ...READ],
  },
  putLabel: {
    ...ADDRESSES.putLabel,
    scope: 'label',
    summary: 'Changes what a person says of a rollout: star, verdict, comment',
    body: LabelPut,
    answer: LabelAnswer,
    errors: [...WRITE, 'row_not_found', 'label_conflict', 'query_too_slow'],
  },
  events: {
    ...ADDRESSES.events,
    scope: 'read',
    summary: 'Run events, oldest first',
    query: log.EventsQuery,
    answer: log.EventsAnswer,
    errors: READ,
  },
  putRun: {
    ...ADDRESSES.putRun,
    scope: 'write',
    summary: 'Creates a run, or merges into it',
    query: Type.Object({ beyond }, strict),
    body: RunPut,
    answer: Run,
    errors: [...WRITE, 'project_conflict'],
  },
  log: {
    ...ADDRESSES.log,
    scope: 'write',
    summary: 'Metrics and tables, all or nothing; JSON, or NDJSON with one entry a line',
    query: Type.Object({ batchId: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })), beyond }, strict),
    body: log.LogRequest,
    answer: log.LogAnswer,
    errors: [...WRITE, 'run_not_found'],
  },
  logEvents: {
    ...ADDRESSES.logEvents,
    scope: 'write',
    summary: 'Events of a run',
    body: log.EventsPost,
    answer: log.EventsPosted,
    errors: [...WRITE, 'run_not_found'],
  },
  putMedia: {
    ...ADDRESSES.putMedia,
    scope: 'write',
    summary: 'Keeps an image or a sound for a run; answers what a cell holds in its place',
    query: MediaQuery,
    body: MediaBytes,
    answer: MediaRef,
    errors: [...WRITE, 'run_not_found', 'media_not_kept'],
  },
  media: {
    ...ADDRESSES.media,
    scope: 'read',
    summary: 'An image or a sound of a run that the token may read',
    errors: ['media_not_found'],
  },
  finish: {
    ...ADDRESSES.finish,
    scope: 'write',
    summary: 'Ends a run; `finished` unless the body says otherwise',
    body: RunFinish,
    answer: Run,
    errors: [...WRITE, 'run_not_found'],
  },
  deleteRun: {
    ...ADDRESSES.deleteRun,
    scope: 'write',
    summary: 'Deletes a run and gives its disk back',
    answer: RunDeleted,
    errors: ['run_not_found', 'proxied_write', 'too_busy'],
  },
} as const satisfies Record<RouteName, Route>;

/** The type of a schema of a route; undefined where the route has none such. */
type TypeOf<Name extends RouteName, Part extends 'query' | 'body' | 'answer'> = (typeof ROUTES)[Name] extends {
  [part in Part]: infer Schema extends TSchema;
}
  ? Static<Schema>
  : undefined;

/** The type of a route's answer, as JSON; undefined where it answers with a stream. */
export type AnswerOf<Name extends RouteName> = TypeOf<Name, 'answer'>;
/** The body that a route is asked with; undefined where it takes none. */
export type BodyOf<Name extends RouteName> = TypeOf<Name, 'body'>;

type ParameterNames<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParameterNames<Rest> : never;
/** The parameters in the path of a route, as they are before percent-encoding. */
export type ParametersOf<Name extends RouteName> = Record<ParameterNames<(typeof ADDRESSES)[Name]['path']>, string>;

type Optional<Part extends string, T> = T extends undefined ? unknown : { [part in Part]?: T };
type Needed<Part extends string, T> = T extends undefined ? unknown : { [part in Part]: T };

/** The type of a route's question: the parameters of its path, its query string and its body, as far as it has them. */
export type QuestionOf<Name extends RouteName> = Needed<'body', BodyOf<Name>> &
  Optional<'query', TypeOf<Name, 'query'>> &
  Needed<'path', keyof ParametersOf<Name> extends never ? undefined : ParametersOf<Name>>;
