import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunGauge } from '@rolloscope/contract/exposition';
import { stringify } from 'yaml';

/**
 * `npm run rules`: writes the alert rules under `provisioning/`, of which each is said once, here: for Prometheus, and for
 * Grafana on a Prometheus and on the store's OpenTSDB API. `tests/alerting/` holds the files to this.
 *
 * What counts as a regression, a stall and so on is decided in the store, whose `--alerts FILE` has every threshold:
 * rules ask for its flags.
 */
interface Rule {
  /** In PascalCase; of it come the names in Prometheus and in Grafana. */
  name: string;
  flag: RunGauge;
  severity: 'critical' | 'warning' | 'info';
  /** How long the flag must be up. */
  for: string;
  summary: string;
  description: string;
  /** An eval of a task, or the run as a whole. */
  of: 'eval' | 'run';
}

/** Places in texts: `<run>`, labels and values by name. */
const RULES: readonly Rule[] = [
  {
    name: 'EvalRegressed',
    flag: 'rolloscope_eval_regressed',
    severity: 'critical',
    for: '0s',
    of: 'eval',
    summary: '<run_name>: <task> fell to <last> ± <error> at step <step>',
    description:
      'Two evals in a row lie below the best mean of three earlier ones, <reference> ± <referenceError> at step ' +
      '<referenceStep>. Worse by <drop> ± <dropError>, limit <limit>; prompts: <prompts> (0 is unknown). Owner: <owner>.',
  },
  {
    name: 'EvalBelowBaseline',
    flag: 'rolloscope_eval_below_baseline',
    severity: 'warning',
    for: '0s',
    of: 'eval',
    summary: '<run_name>: <task> is below the baseline at step <step>, <last> ± <error>',
    description: 'Two evals in a row lie below the baseline run at equal step, now by <gap>. Owner: <owner>.',
  },
  {
    name: 'RunStalled',
    flag: 'rolloscope_run_stalled',
    severity: 'critical',
    for: '1m',
    of: 'run',
    summary: '<run_name> has stalled after step <step>',
    description: 'No step for three times as long as one usually takes. Owner: <owner>.',
  },
  {
    name: 'RunCrashed',
    flag: 'rolloscope_run_crashed',
    severity: 'critical',
    for: '0s',
    of: 'run',
    summary: '<run_name> has crashed after step <step>',
    description:
      'The run fell silent, or said that it failed. Log again, finish or archive it to end this. Owner: <owner>.',
  },
  {
    name: 'RunNotFinite',
    flag: 'rolloscope_run_nan',
    severity: 'critical',
    for: '2m',
    of: 'run',
    summary: '<run_name> has logged NaN or infinity, at step <step>',
    description: 'A loss, gradient, reward or eval is not a finite number any more. Owner: <owner>.',
  },
  {
    name: 'RunZeroSpread',
    flag: 'rolloscope_run_zero_spread',
    severity: 'warning',
    for: '10m',
    of: 'run',
    summary: '<run_name>: half of the prompt groups teach nothing, at step <step>',
    description: 'In so many prompt groups all rewards are equal, so their advantage is zero. Owner: <owner>.',
  },
  {
    name: 'RunTruncated',
    flag: 'rolloscope_run_truncated',
    severity: 'warning',
    for: '10m',
    of: 'run',
    summary: '<run_name>: a quarter of the responses are truncated, at step <step>',
    description: 'So many responses reach the length limit before they end. Owner: <owner>.',
  },
];

/** Gauges behind the values in texts. */
const EVAL_VALUES = {
  last: 'rolloscope_eval_last',
  error: 'rolloscope_eval_standard_error',
  step: 'rolloscope_eval_step',
  time: 'rolloscope_eval_timestamp_seconds',
  reference: 'rolloscope_eval_reference',
  referenceError: 'rolloscope_eval_reference_standard_error',
  referenceStep: 'rolloscope_eval_reference_step',
  drop: 'rolloscope_eval_drop',
  dropError: 'rolloscope_eval_drop_standard_error',
  limit: 'rolloscope_eval_drop_limit',
  prompts: 'rolloscope_eval_prompts',
  gap: 'rolloscope_eval_baseline_gap',
} as const satisfies Record<string, RunGauge>;
const RUN_VALUES = {
  step: 'rolloscope_run_last_step',
  time: 'rolloscope_run_last_seen_timestamp_seconds',
} as const satisfies Record<string, RunGauge>;
const WHOLE = ['step', 'referenceStep', 'prompts'];
const LABELS = ['run', 'run_name', 'project', 'owner', 'task', 'metric'];

/** The panel of the regression dashboard that shows what was right and is wrong now, with that lens on. */
const EVIDENCE = 'rollouts-4=lens.newlyWrong';
/** Milliseconds of the dashboard on either side of the moment. */
const AROUND = 3_600_000;

const valuesOf = ({ of, summary, description }: Rule): Record<string, RunGauge> => {
  const all: Record<string, RunGauge> = of === 'eval' ? EVAL_VALUES : RUN_VALUES;
  const linked = of === 'eval' ? ['step', 'time', 'referenceStep'] : ['step', 'time'];
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => linked.includes(name) || `${summary}${description}`.includes(`<${name}>`)),
  );
};

/** Fills places: `label` and `value` say how a dialect writes them. */
const fill = (text: string, label: (name: string) => string, value: (name: string, format: string) => string) =>
  text.replace(/<(\w+)>/g, (_, name: string) =>
    LABELS.includes(name) ? label(name) : value(name, WHOLE.includes(name) ? '%.0f' : '%.3g'),
  );

/** A link to the dashboard at that run, step and time. `label` gives text that is safe in an address. */
function link(rule: Rule, base: string, label: (name: string) => string, value: (name: string) => string): string {
  const common = `var-project=${label('project')}&var-run=${label('run')}&var-step=${value('step')}`;
  const range = `from=${value('from')}&to=${value('to')}`;
  return rule.of === 'eval'
    ? `${base}d/rolloscope-regression/regression?${common}&var-reference=${value('referenceStep')}&${range}&${EVIDENCE}`
    : `${base}d/rolloscope-run-overview/run-overview?${common}&${range}`;
}

// Prometheus -------------------------------------------------------------------------------------------------------

const INFO = 'max by (project, run, run_name, owner) (rolloscope_run_info)';
const withInfo = (gauge: string, of: Rule['of']) =>
  `max by (project, run, group${of === 'eval' ? ', metric, task' : ''}) (${gauge})` +
  ` * on (project, run) group_left (run_name, owner) ${INFO}`;

function prometheusRule(rule: Rule) {
  const { name, flag, severity, for: held, of } = rule;
  const selected = of === 'eval' ? 'project=%q,run=%q,metric=%q' : 'project=%q,run=%q';
  const given = `$labels.project $labels.run${of === 'eval' ? ' $labels.metric' : ''}`;
  const gauges = valuesOf(rule);
  // A value that is missing leaves a dash, not an error instead of the text.
  const ask = (gauge: string, format: string, arithmetic = '') =>
    `{{ with printf "${gauge}{${selected}}${arithmetic}" ${given} | query }}{{ . | first | value | printf "${format}" }}{{ else }}–{{ end }}`;
  const value = (one: string, format = '%.0f') => {
    const around = one === 'from' ? ` * 1000 - ${AROUND}` : one === 'to' ? ` * 1000 + ${AROUND}` : '';
    return ask(gauges[around ? 'time' : one] ?? '', format, around);
  };
  const text = (template: string) => fill(template, (label) => `{{ $labels.${label} }}`, value);
  return {
    alert: `Rolloscope${name}`,
    expr: `${withInfo(flag, of)} == 1`,
    for: held,
    // A store that restarts is not seen for a scrape or two: that ends no alert.
    keep_firing_for: '3m',
    labels: { severity },
    annotations: {
      summary: text(rule.summary),
      description: text(rule.description),
      dashboard: link(rule, '{{ $externalLabels.grafana }}/', (label) => `{{ $labels.${label} | urlquery }}`, value),
    },
  };
}

const STORE_RULES = [
  {
    alert: 'RolloscopeStoreDown',
    expr: 'up{job="rolloscope"} == 0',
    for: '5m',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'The run store {{ $labels.instance }} does not answer',
      description: 'Trainers keep what they log and send it again; alerts about runs are blind meanwhile.',
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

export const prometheusRules = () => ({
  groups: [
    { name: 'rolloscope-runs', rules: RULES.map(prometheusRule) },
    { name: 'rolloscope-store', rules: STORE_RULES },
  ],
});

// Grafana ----------------------------------------------------------------------------------------------------------

/** A data source of Grafana's own that rules can be on, and how it asks for a gauge. */
interface Source {
  uid: string;
  /** Seconds that are looked at. */
  from: number;
  model(gauge: string, of: Rule['of']): object;
}

const SOURCES: Record<'prometheus' | 'opentsdb', Source> = {
  prometheus: {
    uid: 'prometheus',
    from: 300,
    model: (gauge, of) => ({ expr: withInfo(gauge, of), instant: true, range: false, editorMode: 'code' }),
  },
  opentsdb: {
    uid: 'rolloscope-opentsdb',
    from: 600,
    model: (gauge) => ({
      metric: gauge,
      aggregator: 'none',
      downsampleInterval: '1m',
      downsampleAggregator: 'last',
      downsampleFillPolicy: 'none',
      tags: {},
      filters: [],
      shouldComputeRate: false,
    }),
  },
};

function grafanaRule(rule: Rule, source: Source) {
  const { name, flag, severity, for: held, of } = rule;
  const query = (refId: string, gauge: string) => ({
    refId,
    relativeTimeRange: { from: source.from, to: 0 },
    datasourceUid: source.uid,
    model: { refId, ...source.model(gauge, of) },
  });
  const expression = (refId: string, model: object) => ({
    refId,
    datasourceUid: '__expr__',
    model: { refId, datasource: { type: '__expr__', uid: '__expr__' }, ...model },
  });
  const reduce = (refId: string, of_: string) =>
    expression(refId, { type: 'reduce', expression: of_, reducer: 'last' });
  const gauges = Object.entries(valuesOf(rule));
  const value = (one: string, format = '%.0f') => `{{ printf "${format}" $values.${one}.Value }}`;
  const text = (template: string) => fill(template, (label) => `{{ $labels.${label} }}`, value);
  return {
    uid: `rolloscope-${source.uid === 'prometheus' ? 'p' : 'o'}-${kebab(name)}`,
    title: name.replace(/(?!^)([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`),
    condition: 'isUp',
    data: [
      query('asked', flag),
      reduce('flag', 'asked'),
      expression('isUp', {
        type: 'threshold',
        expression: 'flag',
        conditions: [{ evaluator: { type: 'gt', params: [0.5] } }],
      }),
      ...gauges.flatMap(([one, gauge]) => [query(`asked_${one}`, gauge), reduce(one, `asked_${one}`)]),
      expression('from', { type: 'math', expression: `$time * 1000 - ${AROUND}` }),
      expression('to', { type: 'math', expression: `$time * 1000 + ${AROUND}` }),
    ],
    // Silence is the stalled rule's: without runs there is nothing to say.
    noDataState: 'OK',
    execErrState: 'Error',
    for: held,
    labels: { severity },
    annotations: {
      summary: text(rule.summary),
      description: text(rule.description),
      // Grafana's own address, which ends in a slash.
      dashboard: link(rule, '{{ externalURL }}', (label) => `{{ urlquery $labels.${label} }}`, value),
    },
  };
}

const kebab = (name: string) => name.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase();

export const grafanaRules = (source: keyof typeof SOURCES) => ({
  apiVersion: 1,
  groups: [
    {
      orgId: 1,
      name: 'Rolloscope runs',
      folder: 'Rolloscope',
      interval: '1m',
      rules: RULES.map((rule) => grafanaRule(rule, SOURCES[source])),
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
  'alerting/prometheus/rules.yaml': text(grafanaRules('prometheus')),
  'alerting/opentsdb/rules.yaml': text(grafanaRules('opentsdb')),
});

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  const provisioning = join(dirname(fileURLToPath(import.meta.url)), '..', 'provisioning');
  for (const [path, content] of Object.entries(ruleFiles())) {
    const file = join(provisioning, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
