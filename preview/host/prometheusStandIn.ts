import {
  createDataFrame,
  type DataFrame,
  type DataQuery,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceInstanceSettings,
  DataSourcePlugin,
  FieldType,
  LoadingState,
} from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';

interface PrometheusQuery extends DataQuery {
  expr: string;
  legendFormat?: string;
  instant?: boolean;
}

interface Series {
  metric: Record<string, string>;
  /** Seconds and values: several of a range, one of an instant. */
  values?: Array<[number, string]>;
  value?: [number, string];
}

/** Points of a chart at the most, and seconds between them at the least. */
const MOST_POINTS = 600;
const LEAST_STEP = 1;

/**
 * The part of Grafana's Prometheus data source that our dashboards use: queries of a range and of an instant, as
 * series. Without an address (`PROMETHEUS_URL`) it has no data, as on a machine without GPUs.
 */
class PrometheusStandIn extends DataSourceApi<PrometheusQuery> {
  constructor(private readonly settings: DataSourceInstanceSettings) {
    super(settings);
  }

  async query(request: DataQueryRequest<PrometheusQuery>): Promise<DataQueryResponse> {
    const asked = this.settings.url ? request.targets.filter(({ hide, expr }) => !hide && expr) : [];
    const frames = await Promise.all(asked.map((target) => this.ask(target, request)));
    return { data: frames.flat(), state: LoadingState.Done };
  }

  private async ask(target: PrometheusQuery, { range, scopedVars }: DataQueryRequest): Promise<DataFrame[]> {
    const [from, to] = [range.from.valueOf() / 1_000, range.to.valueOf() / 1_000];
    const step = Math.max(LEAST_STEP, Math.ceil((to - from) / MOST_POINTS));
    const expr = getTemplateSrv()
      .replace(target.expr, scopedVars)
      .replaceAll('$__rate_interval', `${Math.max(60, step * 4)}s`);
    const parameters: Record<string, string> = target.instant
      ? { query: expr, time: String(to) }
      : { query: expr, start: String(from), end: String(to), step: String(step) };
    const path = target.instant ? 'query' : 'query_range';
    const answer = await fetch(`${this.settings.url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const body = (await answer.json()) as { data?: { result: Series[] }; error?: string };
    if (!answer.ok) {
      throw new Error(body.error ?? `Prometheus answered ${answer.status}.`);
    }
    const result = body.data?.result ?? [];
    return result.map((one) => seriesFrame(one, target));
  }

  async testDatasource() {
    return { status: 'success', message: 'A stand-in of the preview.' };
  }
}

function seriesFrame({ metric, values, value }: Series, { refId, legendFormat = '' }: PrometheusQuery): DataFrame {
  const points = values ?? (value ? [value] : []);
  const legend = legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? '');
  return createDataFrame({
    refId,
    name: legend,
    fields: [
      { name: 'Time', type: FieldType.time, values: points.map(([seconds]) => seconds * 1_000), config: {} },
      {
        name: 'Value',
        type: FieldType.number,
        values: points.map(([, one]) => Number(one)),
        labels: metric,
        config: { displayNameFromDS: legend || JSON.stringify(metric) },
      },
    ],
  });
}

export const prometheusStandIn = new DataSourcePlugin<DataSourceApi>(PrometheusStandIn as never);
