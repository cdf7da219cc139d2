import {
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  LoadingState,
  type PanelData,
  toDataFrame,
} from '@grafana/data';
import { toDataQueryError } from '@grafana/runtime';
import {
  catchError,
  defer,
  from,
  isObservable,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  scan,
  share,
  takeUntil,
  timer,
} from 'rxjs';

/** Milliseconds that a request may take before its panel shows that it loads; Grafana's own figure. */
const PATIENCE = 200;

/** Runs one request: packets replace each other by key, errors keep the data that came. */
export function runRequest(
  datasource: DataSourceApi,
  request: DataQueryRequest,
  queryFunction?: DataSourceApi['query'],
): Observable<PanelData> {
  const empty: PanelData = { state: LoadingState.Done, series: [], request, timeRange: request.range };
  if (request.targets.length === 0) {
    return of(empty);
  }
  request.startTime = Date.now();
  const answers = defer(() => {
    const answer = queryFunction ? queryFunction(request) : datasource.query(request);
    return isObservable(answer) ? (answer as Observable<DataQueryResponse>) : from(answer);
  }).pipe(
    scan((known, packet) => known.set(packet.key ?? 'A', packet), new Map<string, DataQueryResponse>()),
    map((known): PanelData => {
      const packets = [...known.values()];
      const errors = packets.flatMap((packet) => packet.errors ?? (packet.error ? [packet.error] : []));
      const frames = packets.flatMap((packet) => packet.data.map((data) => toDataFrame(data)));
      return {
        ...empty,
        state: errors.length > 0 ? LoadingState.Error : (packets.at(-1)?.state ?? LoadingState.Done),
        series: frames.filter((frame) => !isAnnotations(frame)),
        annotations: frames.filter(isAnnotations),
        ...(errors[0] && { error: errors[0], errors }),
      };
    }),
    catchError((thrown: unknown) => {
      const error = toDataQueryError(thrown);
      return of<PanelData>({ ...empty, state: LoadingState.Error, error, errors: [error] });
    }),
    share(),
  );
  // Grafana tells every answer more than once (with its annotations, after a change of width), as new objects each time.
  const told = answers.pipe(mergeMap((data) => of(data, { ...data, series: data.series.map((one) => ({ ...one })) })));
  const loading = timer(PATIENCE).pipe(map(() => ({ ...empty, state: LoadingState.Loading })));
  return merge(loading.pipe(takeUntil(answers)), told);
}

const isAnnotations = (frame: { meta?: { dataTopic?: string } }) => frame.meta?.dataTopic === 'annotations';
