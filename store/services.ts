import type {
  Column,
  DistributionAnswer,
  DistributionRequest,
  EventsAnswer,
  EventsPost,
  EventsQuery,
  ExportRequest,
  FacetsAnswer,
  FacetsRequest,
  GroupsAnswer,
  GroupsRequest,
  KeysAnswer,
  KeysRequest,
  LabelAnswer,
  LabelPut,
  LabelsAnswer,
  LabelsQuery,
  LogRequest,
  MetricListAnswer,
  MetricListRequest,
  MetricsAnswer,
  MetricsRequest,
  ProjectsAnswer,
  RowAnswer,
  RowsAnswer,
  RowsRequest,
  Run,
  RunFinish,
  RunPut,
  RunsAnswer,
  RunsRequest,
  TableListAnswer,
  TableListRequest,
  ValuesAnswer,
  ValuesRequest,
} from '@rolloscope/contract/types';
import type { Access, Asker } from './Access';
import type { ReadOptions } from './engine/ReadOptions';
import type { LeftOut } from './formats/LeftOut';

/** Rows of an export, in chunks: `rows[i][j]` is the cell of `columns[j]`. */
export interface RowStream {
  columns: Column[];
  /** Matching rows, counted when the export was asked for. */
  total: number;
  /** Reads on, for whoever takes it; memory stays flat however many rows there are. Ends early when `return()` is called. */
  chunks(asker: ReadOptions): AsyncGenerator<unknown[][]>;
}

/** The reading half of the store, below HTTP. Every method throws `StoreError`. */
export interface Reading {
  projects(asker: Asker): Promise<ProjectsAnswer>;
  runs(request: RunsRequest, asker: Asker): Promise<RunsAnswer>;
  run(id: string, asker: Asker): Promise<Run>;
  keys(request: KeysRequest, asker: Asker): Promise<KeysAnswer>;
  values(request: ValuesRequest, asker: Asker): Promise<ValuesAnswer>;
  metricList(request: MetricListRequest, asker: Asker): Promise<MetricListAnswer>;
  tableList(request: TableListRequest, asker: Asker): Promise<TableListAnswer>;
  metrics(request: MetricsRequest, asker: Asker): Promise<MetricsAnswer>;
  rows(request: RowsRequest, asker: Asker): Promise<RowsAnswer>;
  row(rowId: string, asker: Asker): Promise<RowAnswer>;
  distribution(request: DistributionRequest, asker: Asker): Promise<DistributionAnswer>;
  groups(request: GroupsRequest, asker: Asker): Promise<GroupsAnswer>;
  facets(request: FacetsRequest, asker: Asker): Promise<FacetsAnswer>;
  /** Fixes the moment (`asOf`), counts, and checks the request; reading starts with `chunks()`. */
  openExport(request: ExportRequest, asker: Asker): Promise<RowStream>;
  events(query: EventsQuery, asker: Asker): Promise<EventsAnswer>;
  /** Reads what people said of a rollout. Throws `row_not_found`. */
  labels(rowId: string, query: LabelsQuery, asker: Asker): Promise<Omit<LabelsAnswer, 'taken'>>;
}

/** The things that an adapter of another tool's protocol commits together with a log call: all of it or none. */
export interface LogExtras {
  /** The states that the adapter must keep of the run, by its key: how far it has read what. */
  state?: ReadonlyMap<string, string>;
  events?: EventsPost['events'];
  /** The client tells the run's state by itself: one that it ended stays so, whatever is logged afterwards. */
  keepsState?: boolean;
  /** Attempts that the run may have: points of older steps begin no further one, they stand beside the newer. */
  maxAttempts?: number;
  /**
   * The list of what the adapter leaves out. What goes beyond a limit of the run is added, which else is refused
   * (`limit_exceeded`), and all of it is told by events.
   */
  leftOut?: LeftOut;
}

/** The marks that an adapter of another tool's protocol puts on a run. */
export interface PutExtras {
  /** The client's own id of the run; throws `project_conflict` where the run exists and has not this one. */
  clientId?: string;
  /** Silence is the end of the run. */
  endsSilently?: boolean;
  /** What goes beyond a limit of the run is left out and told by an event, instead of being refused. */
  leaves?: boolean;
}

/** A run to be found or made. Which of both is decided between commits, so that two callers never decide alike. */
export interface OpenRun extends Omit<PutExtras, 'leaves'> {
  /** Those that it may have, in the order of preference. One that it gets names no other run to the caller. */
  ids: readonly string[];
  /** The description of a new run. */
  put: RunPut;
  /** The changes, with `clientId`, to the project's run that has it under one of the ids. */
  change?: Omit<RunPut, 'project'>;
}

/** `id`: the run's in the store. */
export interface OpenedRun {
  id: string;
  isNew: boolean;
}

/** A person who labels; proven where a proxy that knows them said so. */
export interface LabelPerson {
  person: string;
  proven: boolean;
}

/** The writing half. A promise resolves only after the commit is durable. */
export interface Writing {
  putRun(id: string, body: RunPut, access: Access, extras?: PutExtras): Promise<Run>;
  /** Throws `project_conflict` where none of the ids is free. What goes beyond a limit of the run is left out and told. */
  openRun(run: OpenRun, access: Access): Promise<OpenedRun>;
  log(id: string, request: LogRequest, access: Access, extras?: LogExtras): Promise<{ accepted: number }>;
  logEvents(id: string, request: EventsPost, access: Access): Promise<{ accepted: number }>;
  finish(id: string, request: RunFinish, access: Access): Promise<Run>;
  /** Throws `row_not_found`, `label_conflict`, `limit_exceeded`. */
  label(rowId: string, put: LabelPut, who: LabelPerson, access: Access): Promise<LabelAnswer>;
  deleteRun(id: string, access: Access): Promise<{ deleted: string }>;
}
