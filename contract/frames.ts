import type { LabelAnswer, LabelPut, LabelsAnswer } from './labels';
import type { MetricListAnswer, MetricListRequest } from './lists';
import type { MetricsAnswer, MetricsRequest } from './metrics';
import type {
  DistributionAnswer,
  DistributionRequest,
  ExportAnswer,
  ExportRequest,
  FacetsAnswer,
  FacetsRequest,
  GroupsAnswer,
  GroupsRequest,
  RowAnswer,
  RowsAnswer,
  RowsRequest,
} from './rows';
import type { RunState } from './run';
import type { Column } from './table';

/**
 * The agreement of the data source and the panel, so that neither imports the other. A frame of rows carries
 * `meta.custom.rolloscope`; the panel gets the instance by `uid` and sends `request` back with page, order and filter
 * changed. The panel interpolates nothing.
 */
export interface RowsFrameMeta {
  /** The data source instance that answered. */
  uid: string;
  /** The interpolated body that was sent. */
  request: RowsRequest;
  asOf: string;
  /** The query as one writes it, such as `runs.summary["rollout_examples"]`. */
  label: string;
  /** Rows that match in the store; the frame may hold fewer. */
  total: number;
  /** Columns of the store, in the order of the frame's fields, with their roles. */
  columns: Column[];
  /** Columns that the frame has not got, with their roles: per-token data and turns come with a whole row alone. */
  apart?: Column[];
  /** `[row id, column, full length in characters]` of cells that were cut short: it holds after transformations, too. */
  cut: Array<[string, string, number]>;
  /** One a row: how far the rewards of its group spread, as in the store's answer; only where that was asked for. */
  groupSpread?: Array<number | null>;
  /** A text beside the label, such as which step is the nearest to the one that was asked for. */
  notice?: string;
}

/** The last field of a frame of rows: each row's id, hidden in native panels. */
export const ROW_ID_FIELD = 'rowId';

/** The questions of the panel to the data source instance. Every call is cancelled by its signal. */
export interface RowSource {
  /** `onProgress` is told the share that is done, 0–1, of what takes long; it never goes back. */
  queryRows(request: RowsRequest, signal?: AbortSignal, onProgress?: (share: number) => void): Promise<RowsAnswer>;
  getRow(rowId: string, signal?: AbortSignal): Promise<RowAnswer>;
  queryGroups(request: GroupsRequest, signal?: AbortSignal): Promise<GroupsAnswer>;
  queryDistribution(request: DistributionRequest, signal?: AbortSignal): Promise<DistributionAnswer>;
  queryFacets(request: FacetsRequest, signal?: AbortSignal): Promise<FacetsAnswer>;
  createExport(request: ExportRequest): Promise<ExportAnswer & { url: string }>;
  /** Returns the address at which the browser itself reads media, by their hash; older data sources have none. */
  mediaUrl?(hash: string): string;
}

/** True when a data source instance can answer the panel. */
export function isRowSource(instance: object): instance is RowSource {
  return 'queryRows' in instance && 'getRow' in instance && 'createExport' in instance;
}

/** The questions of the reader to the data source instance about the labels of a rollout. */
export interface LabelSource {
  /** The name under which the signed-in person labels, or why they may not. */
  labelling(): { person: string } | { why: string };
  /** Lists a row's labels; with `since`, the `asOf` of an answer before, nothing where nothing was said meanwhile. */
  rowLabels(rowId: string, since: string | undefined, signal?: AbortSignal): Promise<LabelsAnswer>;
  putLabel(rowId: string, put: LabelPut): Promise<LabelAnswer>;
  /** Tells the person of a label that could not be saved, when its rollout does not show any more. */
  tellLost(fault: string): void;
}

/** True when a data source instance knows of labels. */
export function isLabelSource(instance: object): instance is LabelSource {
  return 'labelling' in instance && 'rowLabels' in instance && 'putLabel' in instance;
}

/** The runs of a frame as its meta carries them: who answered, and which runs, so that a panel can ask for their metrics. */
export interface RunsFrameMeta {
  /** The data source instance that answered. */
  uid: string;
  runs: FrameRun[];
}

export interface FrameRun {
  id: string;
  project: string;
  /** The name; of runs that share it, the id beside it. */
  label: string;
  /** The run's own, the same in every panel. */
  color: string;
  state: RunState;
  /** Epoch milliseconds. */
  createdAt: number;
  /** Epoch milliseconds; another one after everything that the run logs. */
  updatedAt: number;
}

/** The questions of a panel of metrics to the data source instance. */
export interface MetricSource {
  listMetrics(request: MetricListRequest, signal?: AbortSignal): Promise<MetricListAnswer>;
  queryMetrics(request: MetricsRequest, signal?: AbortSignal): Promise<MetricsAnswer>;
  /** Grafana's unit for a metric, or a word such as `tokens`, by its name and its highest value. */
  metricUnit(metric: string, highest: number): { unit?: string; word?: string };
  /** The address of a run's rollouts at a step. */
  rolloutsAddress(run: string, step: number | undefined): string;
  /** Returns the address of Grafana's form of a rule about a reading; undefined for users who may not make rules. */
  alertAddress(reading: { run: string; project: string; metric: string; value: number }): string | undefined;
}

/** True when a data source instance can answer a panel of metrics. */
export function isMetricSource(instance: object): instance is MetricSource {
  return 'listMetrics' in instance && 'queryMetrics' in instance && 'metricUnit' in instance;
}

/** Grafana's form of a new alert rule, filled in for a metric of a run. */
export interface AlertOffer {
  /** The metric, or what is missing for a rule. */
  title: string;
  /** A line that says when such a rule fires. */
  about: string;
  url: string;
}

/** The questions of the menu of a run to the data source instance. */
export interface AlertSource {
  /** The metrics that matter most first; none where the user may not make rules. */
  alertOffers(run: string, signal?: AbortSignal): Promise<AlertOffer[]>;
  /** Says whether the user may make rules at all. */
  mayAlert(): boolean;
}

/** True when a data source instance can lead to rules about runs. */
export function isAlertSource(instance: object): instance is AlertSource {
  return 'alertOffers' in instance && 'mayAlert' in instance;
}
