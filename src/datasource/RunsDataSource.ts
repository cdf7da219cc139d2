import {
  type AdHocVariableFilter,
  AppEvents,
  type DataLink,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceGetTagKeysOptions,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  LoadingState,
  locationUtil,
  type MetricFindValue,
  type ScopedVars,
} from '@grafana/data';
import { config, getAppEvents, getBackendSrv, getTemplateSrv, locationService } from '@grafana/runtime';
import { ADDRESSES, filledPath } from '@rolloscope/contract/addresses';
import type { AlertOffer, AlertSource, LabelSource, MetricSource, RowSource } from '@rolloscope/contract/frames';
import { DATASOURCE_ID } from '@rolloscope/contract/names';
import type {
  DistributionAnswer,
  DistributionRequest,
  ExportAnswer,
  ExportRequest,
  FacetsAnswer,
  FacetsRequest,
  GroupsAnswer,
  GroupsRequest,
  LabelAnswer,
  LabelPut,
  LabelsAnswer,
  MetricListAnswer,
  MetricListRequest,
  MetricsAnswer,
  MetricsRequest,
  RowAnswer,
  RowsAnswer,
  RowsRequest,
} from '@rolloscope/contract/types';
import { Observable } from 'rxjs';
import { variableNames } from '../shared/dashboardVariables';
import { withAdHoc } from './adHoc/adHocFilter';
import { tagKeys, tagValues } from './adHoc/tagChoices';
import { AlertLinks, alertAddress, mayAlert, NEEDS_SOURCE, ruleSource } from './alerts/AlertLinks';
import { alertOffers } from './alerts/alertOffers';
import type { MetricReading } from './alerts/ruleForm';
import { axisOfPanel, takesFigures } from './axisOfPanel';
import { checkHealth } from './checkHealth';
import { firstQuery } from './firstQuery';
import { unitConfig } from './frames/metricUnit';
import { noTableFrames } from './frames/noTableFrames';
import { unknownFrames } from './frames/unknownFrames';
import { queryFollowed } from './http/queryFollowed';
import { StoreClient } from './http/StoreClient';
import { interpolate } from './interpolate';
import { Known } from './known/Known';
import { LastGood } from './LastGood';
import { labelFailure, labelling } from './labels/labelling';
import { migrate } from './migrate';
import { prepareAnnotation } from './prepareAnnotation';
import { DEFAULT_ANNOTATION, type RunsOptions, type StoreQuery } from './query';
import { queryText } from './queryText';
import { follow, pauseUntilSeen } from './run/follow';
import { Targets } from './run/Targets';
import { type DashboardAddress, rolloutsAddress, stepLink } from './stepLink';
import { RunVariables } from './variables/RunVariables';

/** Nobody has signed in there, and Grafana's server, which asks for others, cannot ask this data source. */
const NOT_PUBLIC = 'Not shown on a public dashboard';

/** Runs of a store for Grafana's panels: default → migrate → interpolate → skip → run, each query on its own. */
export class RunsDataSource
  extends DataSourceApi<StoreQuery, RunsOptions>
  implements RowSource, MetricSource, AlertSource, LabelSource
{
  readonly client: StoreClient;
  override annotations = { getDefaultQuery: () => DEFAULT_ANNOTATION, prepareAnnotation };
  /** Grafana holds a token to label with. */
  private readonly hasLabelToken: boolean;
  private readonly last = new LastGood();
  private readonly known: Known;
  /** The one link to rollouts: Grafana compares links, and draws a chart anew, tooltip and all, where they differ. */
  private readonly link = stepLink(() => this.place());

  private links: readonly DataLink[] = [this.link];
  private readonly alertLinks = new AlertLinks(() => this.place());

  constructor(settings: DataSourceInstanceSettings<RunsOptions>) {
    super(settings);
    this.client = new StoreClient(settings.url ?? '', getBackendSrv);
    this.hasLabelToken = settings.jsonData?.labels === true;
    this.known = new Known(this.client);
    this.variables = new RunVariables(this.client, getTemplateSrv);
  }

  override getDefaultQuery(): Partial<StoreQuery> {
    return firstQuery(variableNames());
  }

  override getQueryDisplayText(query: StoreQuery): string {
    return queryText(migrate(query)) ?? query.queryType;
  }

  /**
   * A query of another data source comes here where that one is missing and this one is the default: it asks nothing. One
   * that is not complete yet is answered by nothing instead: Grafana's panel editor, told no here, asks again without end.
   */
  override filterQuery({ datasource }: StoreQuery): boolean {
    return (datasource?.type ?? DATASOURCE_ID) === DATASOURCE_ID;
  }

  /** Fills in the queries that leave a dashboard for Explore: there are no variables there. */
  override interpolateVariablesInQueries(
    queries: StoreQuery[],
    scopedVars: ScopedVars,
    filters?: AdHocVariableFilter[],
  ): StoreQuery[] {
    return queries.map((query) => withAdHoc(interpolate(migrate(query), getTemplateSrv(), scopedVars), filters));
  }

  override query(request: DataQueryRequest<StoreQuery>): Observable<DataQueryResponse> {
    const { range, maxDataPoints, scopedVars, requestId, filters } = request;
    // Superseded is what nobody waits for any more. Ids would not do: all copies of a repeated panel have one.
    return new Observable((observer) => {
      const queries = request.targets.map(migrate).map((written) => ({
        written,
        filled: withAdHoc(interpolate(written, getTemplateSrv(), scopedVars), filters),
      }));
      const targets = queries
        .map(({ filled }) => filled)
        .filter(({ hide }) => !hide)
        .map((target) => axisOfPanel(target, request.panelPluginId));
      if (config.publicDashboardAccessToken) {
        const data = targets.flatMap((target) => unknownFrames(target, NOT_PUBLIC, 'not public'));
        observer.next({ data, key: requestId, state: LoadingState.Done });
        observer.complete();
        return;
      }
      const missing = noTableFrames(queries);
      const abort = new AbortController();
      const context = {
        client: this.client,
        known: this.known,
        uid: this.uid,
        range,
        maxDataPoints,
        labels: this.hasLabelToken,
        links: this.linksNow(),
        takesFigures: takesFigures(request.panelPluginId),
        linkTo: (run: string, step: number | undefined) => this.rolloutsAddress(run, step),
        signal: abort.signal,
      };
      follow(new Targets(targets, context, this.last), abort.signal, pauseUntilSeen, (answer) =>
        observer.next({ ...answer, data: [...answer.data, ...missing], key: requestId }),
      ).then(
        () => observer.complete(),
        (error: unknown) => observer.error(error),
      );
      return () => abort.abort();
    });
  }

  private linksNow(): readonly DataLink[] {
    const { link } = this.alertLinks;
    if (this.links[1] !== link) {
      this.links = link ? [this.link, link] : [this.link];
    }
    return this.links;
  }

  private place(): DashboardAddress {
    return { ...locationService.getLocation(), variables: variableNames(), uid: this.uid };
  }

  /** The keys of ad hoc filters. */
  override getTagKeys({
    filters = [],
  }: Partial<DataSourceGetTagKeysOptions<StoreQuery>> = {}): Promise<MetricFindValue[]> {
    return tagKeys(this.client, filters);
  }

  /** The values under a key of an ad hoc filter. */
  override getTagValues({ key, filters = [] }: DataSourceGetTagValuesOptions<StoreQuery>): Promise<MetricFindValue[]> {
    return tagValues(this.client, key, filters);
  }

  override testDatasource() {
    return checkHealth(this.client);
  }

  listMetrics(request: MetricListRequest, signal?: AbortSignal): Promise<MetricListAnswer> {
    return this.client.ask('queryMetricList', { body: request }, signal);
  }

  queryMetrics(request: MetricsRequest, signal?: AbortSignal): Promise<MetricsAnswer> {
    return this.client.ask('queryMetrics', { body: request }, signal);
  }

  metricUnit(metric: string, highest: number): { unit?: string; word?: string } {
    const { unit, axisLabel } = unitConfig(metric, [highest]);
    return axisLabel !== undefined ? { word: axisLabel } : unit !== undefined ? { unit } : {};
  }

  rolloutsAddress(run: string, step: number | undefined): string {
    return locationUtil.assureBaseUrl(rolloutsAddress(this.place(), run, step === undefined ? '' : String(step)));
  }

  alertAddress(reading: MetricReading): string | undefined {
    return mayAlert() ? locationUtil.assureBaseUrl(alertAddress(reading, this.place())) : undefined;
  }

  mayAlert(): boolean {
    return mayAlert();
  }

  async alertOffers(run: string, signal?: AbortSignal): Promise<AlertOffer[]> {
    if (!mayAlert()) {
      return [];
    }
    const toForm = (address: string) => locationUtil.assureBaseUrl(address);
    if (!ruleSource()) {
      return [{ ...NEEDS_SOURCE, url: toForm(NEEDS_SOURCE.url) }];
    }
    const [{ runs }, { metrics }] = await Promise.all([
      this.client.ask('queryRuns', { body: { ids: [run] } }, signal),
      this.listMetrics({ runs: [run] }, signal),
    ]);
    const place = this.place();
    return alertOffers(run, runs[0]?.project ?? '', metrics, (reading) => toForm(alertAddress(reading, place)));
  }

  queryRows(request: RowsRequest, signal?: AbortSignal, onProgress?: (share: number) => void): Promise<RowsAnswer> {
    return onProgress
      ? queryFollowed(this.client, request, signal, onProgress)
      : this.client.ask('queryRows', { body: request }, signal);
  }

  getRow(rowId: string, signal?: AbortSignal): Promise<RowAnswer> {
    return this.client.ask('row', { path: { rowId } }, signal);
  }

  labelling() {
    return labelling(this.hasLabelToken);
  }

  rowLabels(rowId: string, since: string | undefined, signal?: AbortSignal): Promise<LabelsAnswer> {
    return this.client.ask('labels', { path: { rowId }, ...(since !== undefined && { query: { since } }) }, signal);
  }

  tellLost(fault: string): void {
    getAppEvents().publish({ type: AppEvents.alertError.name, payload: ['A label was not saved', fault] });
  }

  async putLabel(rowId: string, put: LabelPut): Promise<LabelAnswer> {
    try {
      return await this.client.ask('putLabel', { path: { rowId }, body: put });
    } catch (cause) {
      throw labelFailure(cause);
    }
  }

  queryGroups(request: GroupsRequest, signal?: AbortSignal): Promise<GroupsAnswer> {
    return this.client.ask('queryGroups', { body: request }, signal);
  }

  queryDistribution(request: DistributionRequest, signal?: AbortSignal): Promise<DistributionAnswer> {
    return this.client.ask('queryDistribution', { body: request }, signal);
  }

  queryFacets(request: FacetsRequest, signal?: AbortSignal): Promise<FacetsAnswer> {
    return this.client.ask('queryFacets', { body: request }, signal);
  }

  /** Returns an address through Grafana's proxy, as for all else: the token stays on its server. */
  mediaUrl(hash: string): string {
    return this.client.urlOf(filledPath(ADDRESSES.media.path, { hash }));
  }

  async createExport(request: ExportRequest): Promise<ExportAnswer & { url: string }> {
    const ticket = await this.client.ask('createExport', { body: request });
    return { ...ticket, url: this.client.urlOf(ticket.path) };
  }
}
