import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Alerted } from '@rolloscope/contract/exposition';
import { stringify } from 'yaml';

/**
 * `npm run rules`: writes the alert rules under `provisioning/`, of which each is said once, here: for Prometheus, and for
 * Grafana on a Prometheus and on the store's OpenTSDB API. `tests/alerting/` holds the files to this.
 *
 * What counts as a regression, a stall and so on is decided in the store, whose `--alerts FILE` has every threshold. A rule
 * asks for one series, `rolloscope_alert`: 1 for each open alert, whose labels are all that its texts need and stay as they
 * are while it is open; and always a 0, so that no answer means that the store cannot be reached, and ends nothing.
 */
interface Rule {
  /** The rule's name in PascalCase, from which its names in Prometheus and in Grafana are made. */
  name: string;
  alert: Alerted;
  severity: 'critical' | 'warning' | 'info';
  /** The time for which the alert must be open before the rule fires, such as `10m`. */
  for: string;
  description: string;
}

const RULES: readonly Rule[] = [
  {
    name: 'EvalRegressed',
    alert: 'regression',
    severity: 'critical',
    for: '0s',
    description: 'Two evals in a row lie below the best mean of three earlier ones.',
  },
  {
    name: 'EvalBelowBaseline',
    alert: 'below_baseline',
    severity: 'warning',
    for: '0s',
    description: 'Two evals in a row lie below the baseline run at equal step.',
  },
  {
    name: 'RunStalled',
    alert: 'stalled',
    severity: 'critical',
    for: '1m',
    description: 'No step for three times as long as one usually takes.',
  },
  {
    name: 'RunCrashed',
    alert: 'crashed',
    severity: 'critical',
    for: '0s',
    description: 'Log again, finish or archive the run to end this.',
  },
  {
    name: 'RunNotFinite',
    alert: 'nan',
    severity: 'critical',
    for: '2m',
    description: 'A loss, gradient, reward or eval is not a finite number any more.',
  },
  {
    name: 'RunZeroSpread',
    alert: 'zero_spread',
    severity: 'warning',
    for: '10m',
    description: 'In so many prompt groups all rewards are equal: their advantage is zero, and they teach nothing.',
  },
  {
    name: 'RunTruncated',
    alert: 'truncated',
    severity: 'warning',
    for: '10m',
    description: 'So many responses reach the length limit before they end.',
  },
  {
    name: 'RunStale',
    alert: 'stale',
    severity: 'warning',
    for: '10m',
    description: 'The policy learns of rollouts that a much older one made.',
  },
];

/** The time that a rule fires on without a sign of its series: a restarting store is not seen for a minute or two. */
const KEEP_FIRING = '3m';

// Texts are the same for Prometheus and Grafana. What a label does not have is left out, not said to be missing.
const SUMMARY = '{{ $labels.run_name }}: {{ $labels.title }}{{ with $labels.step }}, at step {{ . }}{{ end }}';
const descriptionOf = ({ description }: Rule) =>
  `${description}{{ with $labels.text }} {{ . }}{{ end }}{{ with $labels.owner }} Owner: {{ . }}.{{ end }}`;

const gaugeOf = (alert: Alerted) => `rolloscope_alert{alert="${alert}"}`;

// Prometheus -------------------------------------------------------------------------------------------------------

/** The longest that an alert stands while its store cannot be scraped. */
const REMEMBERED = '6h';

/** Writes PromQL for what was open when a store last answered a scrape, while it is away. Stores go away one by one. */
function openBefore(gauge: string): string {
  const newest = (series: string) => `max_over_time(timestamp(${series} == 1)[${REMEMBERED}:30s])`;
  const last = `${newest(gauge)} >= on (job, instance) group_left () ${newest('up')}`;
  return `(${last} unless on (job, instance) up == 1)`;
}

/** Who scrapes it, and how often, makes no other alert. */
function prometheusExpr(rule: Rule): string {
  const gauge = gaugeOf(rule.alert);
  return `max without (job, instance) (${gauge} == 1 or ${openBefore(gauge)}) > 0`;
}

/** A target that was a store within this time is one, whatever its job is called. */
const KNOWN_FOR = '7d';
const OF_STORE = 'rolloscope_alert{run=""}';

/** 1 for each store that answers, 0 for each that does not, by the target's labels. */
const ANSWERS =
  `max by (job, instance) (${OF_STORE} + 1 or 0 * up{job="rolloscope"} or ` +
  `0 * up and on (job, instance) present_over_time(${OF_STORE}[${KNOWN_FOR}]))`;

const UNREACHABLE = 'The run store{{ with $labels.instance }} {{ . }}{{ end }} does not answer';

const prometheusRule = (rule: Rule) => ({
  alert: `Rolloscope${rule.name}`,
  expr: prometheusExpr(rule),
  for: rule.for,
  keep_firing_for: KEEP_FIRING,
  labels: { severity: rule.severity },
  annotations: {
    summary: SUMMARY,
    description: descriptionOf(rule),
    dashboard: '{{ $externalLabels.grafana }}/{{ $labels.link }}',
  },
});

const STORE_RULES = [
  {
    alert: 'RolloscopeStoreDown',
    expr: `${ANSWERS} == 0 or absent(${ANSWERS})`,
    for: '5m',
    labels: { severity: 'critical' },
    annotations: {
      summary: UNREACHABLE,
      description: 'Trainers keep what they log and send it again; alerts about its runs stand as they were meanwhile.',
    },
  },
  {
    alert: 'RolloscopeStoreDiskLow',
    expr: 'rolloscope_store_disk_free_bytes < 2 * 2^30',
    for: '5m',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'The disk of the run store {{ $labels.instance }} has {{ $value | humanize1024 }}B left',
      description: 'The store refuses writes before the disk is full. Free some room, or give it --retain.',
    },
  },
  {
    alert: 'RolloscopeSeriesDropped',
    expr: 'rolloscope_exposition_dropped_series > 0',
    for: '10m',
    labels: { severity: 'info' },
    annotations: {
      summary: '{{ $value }} series of runs are left out of /metrics',
      description: 'Choose fewer metrics with --expose-metrics, or allow more with --expose-series.',
    },
  },
];

const prometheusRules = () => ({
  groups: [
    { name: 'rolloscope-runs', rules: RULES.map(prometheusRule) },
    { name: 'rolloscope-store', rules: STORE_RULES },
  ],
});

// Grafana ----------------------------------------------------------------------------------------------------------

/** A data source of Grafana's own that rules can be on, and how it asks for the alerts of a kind. */
interface Source {
  uid: string;
  /** Seconds that are looked at. */
  from: number;
  model(alert: Alerted): object;
  /** A query with one result for each store that answers, where no label tells of a run. */
  answer: object;
  /** Below this a store does not answer. */
  answersFrom: number;
  unreachable: string;
}

const SOURCES: Record<'prometheus' | 'opentsdb', Source> = {
  prometheus: {
    uid: 'rolloscope-prometheus',
    from: 300,
    model: (alert) => ({
      // Grafana ends what it misses among other series, such as those of another store: none goes with its store.
      expr: `max without (job, instance) (${gaugeOf(alert)} or ${openBefore(gaugeOf(alert))} > bool 0)`,
      instant: true,
      range: false,
      editorMode: 'code',
    }),
    answer: { expr: ANSWERS, instant: true, range: false, editorMode: 'code' },
    answersFrom: 0.5,
    unreachable: UNREACHABLE,
  },
  opentsdb: {
    uid: 'rolloscope-opentsdb',
    from: 600,
    model: (alert) => ({
      metric: 'rolloscope_alert',
      aggregator: 'none',
      downsampleInterval: '1m',
      downsampleAggregator: 'last',
      downsampleFillPolicy: 'none',
      tags: { alert },
      shouldComputeRate: false,
    }),
    answer: {
      metric: 'rolloscope_alert',
      aggregator: 'max',
      downsampleInterval: '1m',
      downsampleAggregator: 'last',
      downsampleFillPolicy: 'none',
      tags: {},
      shouldComputeRate: false,
    },
    // What there is never makes it fire: only that there is nothing.
    answersFrom: -1,
    unreachable: 'The run store of the data source rolloscope-opentsdb does not answer',
  },
};

/** One query, and a condition on nothing else. */
function grafanaData({ uid, from }: Source, asked: object, evaluator: { type: 'gt' | 'lt'; params: number[] }) {
  const expression = (refId: string, of: object) => ({
    refId,
    datasourceUid: '__expr__',
    model: { refId, datasource: { type: '__expr__', uid: '__expr__' }, ...of },
  });
  return [
    {
      refId: 'asked',
      relativeTimeRange: { from, to: 0 },
      datasourceUid: uid,
      model: { refId: 'asked', ...asked },
    },
    expression('last', { type: 'reduce', expression: 'asked', reducer: 'last' }),
    expression('isOpen', { type: 'threshold', expression: 'last', conditions: [{ evaluator }] }),
  ];
}

const uidOf = (source: Source, name: string) =>
  `${source.uid.replace('opentsdb', 'o').replace('prometheus', 'p')}-${name}`;

const grafanaRule = (rule: Rule, source: Source) => ({
  uid: uidOf(source, kebab(rule.name)),
  title: rule.name.replace(/(?!^)([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`),
  condition: 'isOpen',
  data: grafanaData(source, source.model(rule.alert), { type: 'gt', params: [0.5] }),
  // Whoever cannot look knows nothing new.
  noDataState: 'KeepLast',
  execErrState: 'KeepLast',
  for: rule.for,
  keepFiringFor: KEEP_FIRING,
  missing_series_evals_to_resolve: 4,
  labels: { severity: rule.severity },
  annotations: {
    summary: SUMMARY,
    description: descriptionOf(rule),
    // Grafana's own address, which ends in a slash.
    dashboard: '{{ externalURL }}{{ $labels.link }}',
  },
});

/** Fires once for a store without an answer, whatever alerts are open; once, too, when nothing answers at all. */
const unreachable = (source: Source) => ({
  uid: uidOf(source, 'store-unreachable'),
  title: 'Run store unreachable',
  condition: 'isOpen',
  data: grafanaData(source, source.answer, { type: 'lt', params: [source.answersFrom] }),
  noDataState: 'Alerting',
  execErrState: 'Alerting',
  for: '5m',
  labels: { severity: 'critical' },
  annotations: {
    summary: source.unreachable,
    description: 'Alerts about its runs stand as they were meanwhile. Trainers keep what they log and send it again.',
  },
});

const kebab = (name: string) => name.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase();

const grafanaRules = (source: keyof typeof SOURCES) => ({
  apiVersion: 1,
  groups: [
    {
      orgId: 1,
      name: 'Rolloscope runs',
      folder: 'Rolloscope',
      interval: '1m',
      rules: [...RULES.map((rule) => grafanaRule(rule, SOURCES[source])), unreachable(SOURCES[source])],
    },
  ],
});

// Files ------------------------------------------------------------------------------------------------------------

const HEAD =
  '# Written by `npm run rules` from .config/alertRules.ts: change it there. Thresholds: docs/alerting.md.\n';
const text = (content: object) => HEAD + stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });

/** The files, by their paths below `provisioning/`. */
export const ruleFiles = (): Record<string, string> => ({
  'prometheus/rules.yaml': text(prometheusRules()),
  // Grafana loads what lies in `alerting` itself, and needs nothing but the store for these.
  'alerting/rolloscope.yaml': text(grafanaRules('opentsdb')),
  'prometheus/grafana/rules.yaml': text(grafanaRules('prometheus')),
});

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  const provisioning = join(dirname(fileURLToPath(import.meta.url)), '..', 'provisioning');
  for (const [path, content] of Object.entries(ruleFiles())) {
    const file = join(provisioning, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
