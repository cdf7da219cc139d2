/** Every type of the contract and no schema: what the browser bundles import. */
export type { RouteName } from './addresses';
export type { ErrorAnswer, ErrorCode } from './errors';
export type { FrameRun, MetricSource, RowSource, RowsFrameMeta, RunsFrameMeta } from './frames';
export type { Label, LabelAnswer, LabelPut, LabelsAnswer, LabelsQuery } from './labels';
export type {
  KeysAnswer,
  KeysRequest,
  MetricInfo,
  MetricListAnswer,
  MetricListRequest,
  RunsAnswer,
  RunsQuery,
  RunsRequest,
  TableInfo,
  TableListAnswer,
  TableListRequest,
  ValuesAnswer,
  ValuesRequest,
} from './lists';
export type {
  EventsAnswer,
  EventsPost,
  EventsQuery,
  Health,
  LogAnswer,
  LogEntry,
  LoggedTable,
  LogRequest,
  RunEvent,
} from './log';
export type { MediaLeftOut, MediaRef } from './media';
export type { MetricsAnswer, MetricsRequest, Series } from './metrics';
export type { Lens, Operator, Role, Scope, Suspicion, TurnKind } from './names';
export type { AnswerOf, BodyOf, QuestionOf } from './routes';
export type {
  ColumnFacet,
  DistributionAnswer,
  DistributionRequest,
  Evidence,
  ExportAnswer,
  ExportRequest,
  FacetsAnswer,
  FacetsRequest,
  GroupsAnswer,
  GroupsRequest,
  LensCount,
  ProgressAnswer,
  PromptGroup,
  RowAnswer,
  RowSelection,
  RowsAnswer,
  RowsRequest,
  StepHistogram,
} from './rows';
export type { Attempt, Project, ProjectsAnswer, Resource, Run, RunBrief, RunFinish, RunPut, RunState } from './run';
export type { MetricValue } from './scalars';
export type {
  Condition,
  Filter,
  Missing,
  OrderBy,
  RunSelector,
  Search,
  StepRange,
  TimeRange,
} from './selection';
export type { Column, ColumnType } from './table';
export type { Turn } from './turns';
