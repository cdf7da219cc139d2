import {
  type DataFrame,
  type DataQueryError,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceInstanceSettings,
  LoadingState,
} from '@grafana/data';
import { getTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import type { RowSource } from '@rolloscope/contract/frames';
import type {
  EventsAnswer,
  ExportAnswer,
  ExportRequest,
  MetricsAnswer,
  RowAnswer,
  RowsAnswer,
  RowsRequest,
  Run,
  RunsAnswer,
} from '@rolloscope/contract/types';
import { Observable } from 'rxjs';
import { checkHealth } from './checkHealth';
import { eventsFrame } from './frames/eventsFrame';
import { metricsFrames } from './frames/metricsFrames';
import { rowsFrame } from './frames/rowsFrame';
import { runsFrame } from './frames/runsFrame';
import { statusFrame } from './frames/statusFrame';
import { toFailure } from './http/failure';
import { NOT_THERE, StoreClient } from './http/StoreClient';
import { interpolate } from './interpolate';
import {
  DEFAULT_QUERY,
  type EventsQuery,
  isComplete,
  type MetricsQuery,
  migrate,
  type RowsQuery,
  type RunsOptions,
  type RunsQuery,
  type StatusQuery,
  type StoreQuery,
} from './query';
import { stepLink } from './stepLink';
import { metricsRequest, rowsRequest, runSelector } from './toRequest';
import { RunVariables } from './variables/RunVariables';

const MAX_RUNS = 500;

/** Runs of a store for Grafana's panels: default → migrate → interpolate → skip → run, each query on its own. */
export class RunsDataSource extends DataSourceApi<StoreQuery, RunsOptions> implements RowSource {
  readonly client: StoreClient;
  override annotations = {};

  constructor(
    settings: DataSourceInstanceSettings<RunsOptions>,
    private readonly templates: () => TemplateSrv = getTemplateSrv,
    client?: StoreClient,
  ) {
    super(settings);
    this.client = client ?? new StoreClient(settings.url ?? '');
    this.variables = new RunVariables(this.client, this.templates);
  }

  override getDefaultQuery(): Partial<StoreQuery> {
    return DEFAULT_QUERY;
  }

  override filterQuery(query: StoreQuery): boolean {
    return isComplete(migrate(query));
  }

  override query(request: DataQueryRequest<StoreQuery>): Observable<DataQueryResponse> {
    // Superseded is what nobody waits for any more. Ids would not do: all copies of a repeated panel have one.
    return new Observable((observer) => {
      const abort = new AbortController();
      this.runAll(request, abort.signal).then(
        (answer) => {
          observer.next(answer);
          observer.complete();
        },
        (error: unknown) => observer.error(error),
      );
      return () => abort.abort();
    });
  }

  /** Every target on its own: one that fails is marked, and the others keep their data. */
  private async runAll(request: DataQueryRequest<StoreQuery>, signal: AbortSignal): Promise<DataQueryResponse> {
    const targets = request.targets
      .map((target) => interpolate(migrate(target), this.templates(), request.scopedVars))
      .filter(isComplete);
    const errors: DataQueryError[] = [];
    const frames = await Promise.all(
      targets.map(async (target): Promise<DataFrame[]> => {
        try {
          return await this.run(target, request, signal);
        } catch (error) {
          const failure = toFailure(error);
          if (!(failure.code && NOT_THERE.has(failure.code) && target.queryType === 'events')) {
            const { message, status } = failure;
            errors.push({ refId: target.refId, message, ...(status > 0 && { status }) });
          }
          return [];
        }
      }),
    );
    return {
      data: frames.flat(),
      key: request.requestId,
      state: errors.length > 0 ? LoadingState.Error : LoadingState.Done,
      ...(errors.length > 0 && { errors }),
    };
  }

  private run(query: StoreQuery, request: DataQueryRequest<StoreQuery>, signal: AbortSignal): Promise<DataFrame[]> {
    switch (query.queryType) {
      case 'metrics':
        return this.metrics(query, request, signal);
      case 'rows':
        return this.rows(query, signal);
      case 'runs':
        return this.runs(query);
      case 'status':
        return this.status(query);
      case 'events':
        return this.events(query, request);
    }
  }

  private async metrics(
    query: MetricsQuery,
    request: DataQueryRequest<StoreQuery>,
    signal: AbortSignal,
  ): Promise<DataFrame[]> {
    const body = metricsRequest(query, request.maxDataPoints ?? 1_000);
    const answer = await this.client.post<MetricsAnswer>('/query/metrics', body, { signal });
    const runs = await this.runInfos(answer.series.map(({ run }) => run));
    const frames = metricsFrames(answer, { query, runs, link: stepLink(this.templates) });
    const executedQueryString = JSON.stringify(body, null, 2);
    return frames.map((frame) => ({ ...frame, meta: { ...frame.meta, executedQueryString } }));
  }

  private async runInfos(ids: readonly string[]): Promise<Map<string, Run>> {
    const where = [{ column: 'id', op: 'in' as const, value: [...new Set(ids)] }];
    // Archived runs that were asked for by id are named like any other.
    const archived = { anyOf: [true, false].map((value) => ({ column: 'archived', op: 'eq' as const, value })) };
    const answer = await this.client.post<RunsAnswer>('/query/runs', { where: [...where, archived], limit: MAX_RUNS });
    return new Map(answer.runs.map((run) => [run.id, run]));
  }

  private async rows(query: RowsQuery, signal: AbortSignal): Promise<DataFrame[]> {
    const body = rowsRequest(query);
    const answer = await this.client.post<RowsAnswer>('/query/rows', body, { signal });
    return [rowsFrame(answer, body, this.uid, query)];
  }

  private async selectRuns(query: RunsQuery | StatusQuery, limit: number): Promise<Run[]> {
    const { runs } = query;
    const selector = runSelector(runs);
    const where = Array.isArray(selector) ? [{ column: 'id', op: 'in' as const, value: selector }] : selector.where;
    const answer = await this.client.post<RunsAnswer>('/query/runs', {
      where,
      include: ['config', 'summary'],
      limit: Math.min(limit, runs.by === 'filter' ? (runs.newest ?? limit) : limit),
    });
    return answer.runs;
  }

  private async runs(query: RunsQuery): Promise<DataFrame[]> {
    return [runsFrame(await this.selectRuns(query, MAX_RUNS), query.metrics ?? [], query.refId)];
  }

  private async status(query: StatusQuery): Promise<DataFrame[]> {
    const [run] = await this.selectRuns(query, 1);
    if (!run) {
      return [];
    }
    const known = new Set(Object.keys(run.summary ?? {}));
    const answer = known.has(query.accuracy)
      ? await this.client.post<MetricsAnswer>('/query/metrics', { runs: [run.id], metrics: [query.accuracy] })
      : undefined;
    return [statusFrame(run, answer, query.accuracy, query.refId)];
  }

  private async events(query: EventsQuery, request: DataQueryRequest<StoreQuery>): Promise<DataFrame[]> {
    const list = (values: readonly string[] | undefined) => values?.map(encodeURIComponent).join(',');
    const run = query.runs.by === 'id' ? list(query.runs.ids) : undefined;
    const types = list(query.types);
    const answer = await this.client.get<EventsAnswer>('/events', {
      from: request.range.from.valueOf(),
      to: request.range.to.valueOf(),
      ...(run && { run }),
      ...(types && { types }),
    });
    return [eventsFrame(answer.events, query.refId)];
  }

  override testDatasource() {
    return checkHealth(this.client);
  }

  queryRows(request: RowsRequest, signal?: AbortSignal): Promise<RowsAnswer> {
    return this.client.post('/query/rows', request, signal ? { signal } : {});
  }

  getRow(rowId: string, signal?: AbortSignal): Promise<RowAnswer> {
    return this.client.get(`/rows/${encodeURIComponent(rowId)}`, {}, signal ? { signal } : {});
  }

  async createExport(request: ExportRequest): Promise<ExportAnswer & { url: string }> {
    const ticket = await this.client.post<ExportAnswer>('/export', request);
    return { ...ticket, url: this.client.urlOf(ticket.path) };
  }
}
