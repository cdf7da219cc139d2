/**
 * Names of what the store exposes at `/metrics` and, under the same names, through `/opentsdb`. Plain values: rules,
 * dashboards and tests read them too.
 */

/** The reasons to alert of a run; each is also the type of the event that it writes. */
export const ALERT_KINDS = [
  'regression',
  'below_baseline',
  'stalled',
  'nan',
  'zero_spread',
  'truncated',
  'stale',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** The same reasons, and a crash, which is an event of another type. */
export const ALERTED = [...ALERT_KINDS, 'crashed'] as const;
export type Alerted = (typeof ALERTED)[number];

/** The event that closes any of them; its `values.closes` is the id of the event it closes. */
export const RECOVERY_EVENT = 'recovery';

/** A run with this tag raises no alert: its flags stay 0. Its events are written all the same. */
export const MUTE_TAG = 'alerts:off';

/** The task of an eval whose metric names none, such as `eval/accuracy/mean`. */
export const WHOLE_TASK = 'all';

export const RUN_LABELS = ['project', 'run', 'group'] as const;
export const METRIC_LABELS = [...RUN_LABELS, 'metric', 'task'] as const;
/** A line per resource of a run, so aggregate it before a join: `max by (project, run, run_name, owner) (…)`. */
export const INFO_LABELS = [...RUN_LABELS, 'run_name', 'owner', 'host', 'pod', 'namespace', 'slurm_job'] as const;

/**
 * Labels of an open alert are all that its texts are made of, and stay as they were when it opened. `link` is a
 * dashboard's path with its query, without a slash before it.
 */
export const ALERT_LABELS = [...METRIC_LABELS, 'alert', 'run_name', 'owner', 'step', 'title', 'text', 'link'] as const;

interface Gauge {
  help: string;
  labels: readonly string[];
}

const metric = (help: string): Gauge => ({ help, labels: METRIC_LABELS });
const run = (help: string): Gauge => ({ help, labels: RUN_LABELS });

/** Every gauge about runs. Flags are 0 or 1; shares and accuracies are 0 to 1. */
export const RUN_GAUGES = {
  rolloscope_metric_value: metric('Newest value of a metric.'),
  rolloscope_metric_step: metric('Step of the newest value of a metric.'),
  rolloscope_metric_timestamp_seconds: metric('When the newest value of a metric was logged.'),

  rolloscope_eval_last: metric('Newest eval of a task.'),
  rolloscope_eval_standard_error: metric('Standard error of the newest eval.'),
  rolloscope_eval_step: metric('Step of the newest eval.'),
  rolloscope_eval_timestamp_seconds: metric('When the newest eval was logged.'),
  rolloscope_eval_prompts: metric('Prompts of the newest eval; 0 when unknown.'),
  rolloscope_eval_best: metric('Best single eval so far.'),
  rolloscope_eval_reference: metric('Best mean of three earlier consecutive evals.'),
  rolloscope_eval_reference_standard_error: metric('Standard error of the reference.'),
  rolloscope_eval_reference_step: metric('Last step of the three evals of the reference.'),
  rolloscope_eval_drop: metric('How far the newest eval is worse than the reference; negative when better.'),
  rolloscope_eval_drop_standard_error: metric('Standard error of the drop.'),
  rolloscope_eval_drop_limit: metric('The drop beyond which two consecutive evals count as a regression.'),
  rolloscope_eval_regressed: metric('1 while a regression is open.'),
  rolloscope_eval_baseline_gap: metric('How far the newest eval is worse than the baseline run at equal step.'),
  rolloscope_eval_below_baseline: metric('1 while evals lie below the baseline run at equal step.'),

  rolloscope_alert: {
    help: '1 for each open alert, with what it says as labels; 0 without a run, to tell that the store is there.',
    labels: ALERT_LABELS,
  },
  rolloscope_run_info: { help: 'Always 1; a line per resource, to join with metrics of hosts.', labels: INFO_LABELS },
  rolloscope_run_state: { help: '1 for the state that the run is in.', labels: [...RUN_LABELS, 'state'] },
  rolloscope_run_last_step: run('Highest step that the run logged.'),
  rolloscope_run_last_seen_timestamp_seconds: run('Last sign of life.'),
  rolloscope_run_step_interval_seconds: run('Median time from step to step, of the newest steps.'),
  rolloscope_run_stalled: run('1 while a live run takes far longer for a step than it used to.'),
  rolloscope_run_crashed: run('1 when the run fell silent or said that it failed.'),
  rolloscope_run_nan: run('1 while a loss, gradient, reward or eval of a live run is not finite.'),
  rolloscope_run_zero_spread_ratio: run('Share of prompt groups with equal rewards, mean of the newest steps.'),
  rolloscope_run_zero_spread: run('1 while that share is high: such groups teach nothing.'),
  rolloscope_run_truncated_ratio: run('Share of truncated responses, mean of the newest steps.'),
  rolloscope_run_truncated: run('1 while that share is high.'),
  rolloscope_run_policy_age: run(
    'Versions by which the policy of rollouts is behind, P99 of a step, mean of the newest steps.',
  ),
  rolloscope_run_stale: run('1 while that age is high.'),
  rolloscope_run_muted: run(`1 for a run with the tag ${MUTE_TAG}.`),
} as const satisfies Record<string, Gauge>;

export type RunGauge = keyof typeof RUN_GAUGES;

/** Gauges about the store itself. */
export const STORE_GAUGES = {
  rolloscope_exposition_dropped_series: 'Series of runs that the cap left out of this answer.',
  rolloscope_exposition_series_limit: 'How many series of runs one answer holds at most.',
  rolloscope_store_runs: 'Runs in the store, of the projects that the token may see.',
  rolloscope_store_live_runs: 'Runs that are running.',
  rolloscope_store_data_bytes: 'Bytes of the data files.',
  rolloscope_store_media_bytes: 'Bytes of images and sounds, each counted once.',
  rolloscope_store_log_bytes: 'Bytes that are written and not yet folded into the data files.',
  rolloscope_store_disk_free_bytes: 'Bytes free on the disk of the data.',
  rolloscope_store_alerts_waiting: 'Commits whose evals are not judged yet.',
  process_resident_memory_bytes: 'Memory of the store.',
  process_start_time_seconds: 'When the store was started.',
} as const;
