import {
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  LoadingState,
  type PanelData,
  toDataFrame,
} from '@grafana/data';
import { catchError, from, isObservable, map, type Observable, of, scan, startWith } from 'rxjs';

/** Runs one request: packets replace each other by key, errors keep the data that came. */
export function runRequest(
  datasource: DataSourceApi,
  request: DataQueryRequest,
  queryFunction?: DataSourceApi['query'],
): Observable<PanelData> {
  const started: PanelData = { state: LoadingState.Loading, series: [], request, timeRange: request.range };
  if (request.targets.length === 0) {
    return of({ ...started, state: LoadingState.Done });
  }
  request.startTime = Date.now();
  const answer = queryFunction ? queryFunction(request) : datasource.query(request);
  const packets: Observable<DataQueryResponse> = isObservable(answer)
    ? (answer as Observable<DataQueryResponse>)
    : from(answer);
  return packets.pipe(
    scan((known, packet) => known.set(packet.key ?? 'A', packet), new Map<string, DataQueryResponse>()),
    map((known): PanelData => {
      const all = [...known.values()];
      const errors = all.flatMap((packet) => packet.errors ?? (packet.error ? [packet.error] : []));
      const frames = all.flatMap((packet) => packet.data.map((data) => toDataFrame(data)));
      const state = errors.length > 0 ? LoadingState.Error : (all.at(-1)?.state ?? LoadingState.Done);
      return {
        ...started,
        state,
        series: frames.filter((frame) => !isAnnotations(frame)),
        annotations: frames.filter(isAnnotations),
        ...(errors[0] && { error: errors[0], errors }),
      };
    }),
    catchError((error: unknown) => {
      const message = error instanceof Error ? error.message : JSON.stringify(error);
      return of<PanelData>({ ...started, state: LoadingState.Error, error: { message }, errors: [{ message }] });
    }),
    startWith(started),
  );
}

const isAnnotations = (frame: { meta?: { dataTopic?: string } }) => frame.meta?.dataTopic === 'annotations';
