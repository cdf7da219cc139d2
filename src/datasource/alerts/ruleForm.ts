/** A data source that Grafana's alerting can ask. */
export interface RuleSource {
  type: 'opentsdb' | 'prometheus';
  uid: string;
}

/** A point that somebody chose. */
export interface MetricReading {
  run: string;
  project: string;
  metric: string;
  /** NaN where it is not known. */
  value: number;
}

/** The name under which both kinds of data source have the newest value of every metric. */
const GAUGE = 'rolloscope_metric_value';
const EXPRESSION = '__expr__';
/** Seconds that are asked for: the store tells the newest value at any time. */
const WINDOW = 600;

const DIGITS = 4;

/** Metrics of which more is worse, by the words in their names; of others less is. */
const WORSE_ABOVE = /loss|kl|clip|truncat|length|grad|norm|time|latency|lag|error|nan|zero|entropy|repet|memory/i;

/** A text within the quotes of PromQL. */
const quoted = (text: string) => JSON.stringify(text);

function question({ run, project, metric }: MetricReading, { type, uid }: RuleSource) {
  const labels = { ...(project !== '' && { project }), run, metric };
  const ofType =
    type === 'prometheus'
      ? {
          // One alert of one run, whoever scrapes the store and wherever it listens.
          expr: `max without (job, instance) (${GAUGE}{${Object.entries(labels)
            .map(([name, value]) => `${name}=${quoted(value)}`)
            .join(', ')}})`,
          instant: true,
          range: false,
          editorMode: 'code',
        }
      : {
          metric: GAUGE,
          aggregator: 'none',
          downsampleInterval: '1m',
          downsampleAggregator: 'last',
          downsampleFillPolicy: 'none',
          tags: labels,
          filters: [],
          shouldComputeRate: false,
        };
  return {
    refId: 'A',
    queryType: '',
    datasourceUid: uid,
    relativeTimeRange: { from: WINDOW, to: 0 },
    model: { refId: 'A', datasource: { type, uid }, ...ofType },
  };
}

const expression = (refId: string, model: object) => ({
  refId,
  queryType: '',
  datasourceUid: EXPRESSION,
  model: { refId, datasource: { type: EXPRESSION, uid: EXPRESSION }, ...model },
});

const isWorseAbove = (metric: string) => WORSE_ABOVE.test(metric);

/** Says when a rule about a reading fires. */
export const firesWhere = ({ metric, value }: MetricReading): string =>
  `fires ${isWorseAbove(metric) ? 'above' : 'below'} ${thresholdOf(value)}`;

/** A reading as somebody would write it. */
const thresholdOf = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : 0);

/** The address of Grafana's form of a new rule, filled in for a metric of a run; `back` leads to the run. */
export function ruleFormAddress(reading: MetricReading, source: RuleSource, back: string): string {
  const { run, metric, value } = reading;
  const isAbove = isWorseAbove(metric);
  const threshold = thresholdOf(value);
  const defaults = {
    type: 'grafana',
    name: `${metric} of ${run} is ${isAbove ? 'above' : 'below'} ${threshold}`,
    condition: 'C',
    queries: [
      question(reading, source),
      expression('B', { type: 'reduce', expression: 'A', reducer: 'last' }),
      expression('C', {
        type: 'threshold',
        expression: 'B',
        conditions: [{ evaluator: { type: isAbove ? 'gt' : 'lt', params: [threshold] } }],
      }),
    ],
    labels: [
      { key: 'run', value: run },
      { key: 'metric', value: metric },
    ],
    annotations: [
      { key: 'summary', value: `${metric} of the run ${run} passed ${threshold}` },
      { key: 'runbook_url', value: back },
    ],
    // A store that is away for a moment, or a run that has ended, resolves nothing.
    noDataState: 'KeepLast',
    execErrState: 'KeepLast',
  };
  return `/alerting/new/alerting?${new URLSearchParams({ defaults: JSON.stringify(defaults) })}`;
}
