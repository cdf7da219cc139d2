import {
  type DataFrameDTO,
  type DataFrameJSON,
  type DataQuery,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  DataSourcePlugin,
  dataFrameFromJSON,
  dataFrameToJSON,
  LoadingState,
  toDataFrame,
} from '@grafana/data';

/** Frames that are saved with the query itself: those of a snapshot, or of a file that someone dropped on a panel. */
interface SnapshotQuery extends DataQuery {
  queryType: 'snapshot';
  snapshot?: DataFrameJSON[];
}

export const GRAFANA_REF = { type: 'grafana', uid: 'grafana' };

/** Turns `panel.snapshotData`, which snapshots held before scenes, into the query that Grafana makes of it. */
export function snapshotQuery(frames: readonly DataFrameDTO[]): SnapshotQuery {
  const snapshot = frames.map((frame) => dataFrameToJSON(toDataFrame(frame)));
  return { refId: frames[0]?.refId ?? 'A', datasource: GRAFANA_REF, queryType: 'snapshot', snapshot };
}

/** The part of Grafana's built-in data source that snapshots need. */
class GrafanaStandIn extends DataSourceApi<SnapshotQuery> {
  async query({ targets }: DataQueryRequest<SnapshotQuery>): Promise<DataQueryResponse> {
    const frames = targets.flatMap(({ hide, snapshot = [] }) => (hide ? [] : snapshot));
    return { data: frames.map(dataFrameFromJSON), state: LoadingState.Done };
  }

  async testDatasource() {
    return { status: 'success', message: 'A stand-in of the preview.' };
  }
}

export const grafanaStandIn = new DataSourcePlugin<DataSourceApi>(GrafanaStandIn as never);
