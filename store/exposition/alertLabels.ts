import { type ALERT_LABELS, ALERTED, WHOLE_TASK } from '@rolloscope/contract';
import type { OpenAlert } from '../alerts/OpenAlerts';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import type { SeenRuns } from '../runs/SeenRuns';
import { ownerOf, runLabels } from './labels';
import { isMuted } from './runGauges';

type AlertLabels = Partial<Record<(typeof ALERT_LABELS)[number], string>>;

/** Milliseconds of the dashboard on either side of the moment. */
const AROUND_MS = 3_600_000;
/** Characters of a text. */
const MOST_CHARS = 300;

/** The panel of the regression dashboard that shows what was right and is wrong now, with that lens on. */
const EVIDENCE = { regression: 'lens.newlyWrong', below_baseline: 'lens.baselineWrong' } as const;

/** Series without a run, one for each kind and always 0: they tell that the store is there and nothing is open. */
export const QUIET_ALERTS: readonly AlertLabels[] = ALERTED.map((alert) => ({ alert }));

/** Labels of an open alert: they stay as they are while it is open. */
export function alertLabels(seen: SeenRuns, entry: RunEntry, alert: OpenAlert): AlertLabels {
  const { metric = '', task = metric && WHOLE_TASK, step, title, text = '' } = alert;
  const ofRun = runLabels(seen, entry);
  return {
    ...ofRun,
    metric,
    task: ['regression', 'below_baseline'].includes(alert.kind) ? task : '',
    alert: alert.kind,
    run_name: entry.record.name,
    owner: ownerOf(entry.record),
    step: step === undefined ? '' : String(step),
    title: title.slice(0, MOST_CHARS),
    text: text.slice(0, MOST_CHARS),
    link: linkOf(ofRun, alert),
  };
}

/** The dashboard that has the evidence, at that run, step and time. */
function linkOf({ project, run }: { project: string; run: string }, alert: OpenAlert): string {
  const { kind, step, reference, time, metric } = alert;
  const query = new URLSearchParams({ 'var-project': project, 'var-run': run });
  if (step !== undefined) {
    query.set('var-step', String(step));
  }
  query.set('from', String(Math.round(time) - AROUND_MS));
  query.set('to', String(Math.round(time) + AROUND_MS));
  if (kind === 'regression' || kind === 'below_baseline') {
    query.set('var-reference', String(reference ?? ''));
    query.set('rollouts-4', EVIDENCE[kind]);
    return `d/rolloscope-regression/regression?${query}`;
  }
  if (metric !== undefined) {
    // It shows that curve alone, as the panel of the dashboard writes it into its address.
    query.set('metrics-1', `only.${encodeURIComponent(metric).replaceAll('~', '%7E').replaceAll('!', '%21')}`);
    return `d/rolloscope-all-metrics/all-metrics?${query}`;
  }
  return `d/rolloscope-run-overview/run-overview?${query}`;
}

/** A run that has crashed, as an alert. */
export function crashOf(entry: RunEntry, runIndex: RunIndex): OpenAlert | undefined {
  const state = runIndex.stateOf(entry);
  if ((state !== 'crashed' && state !== 'failed') || isMuted(entry)) {
    return undefined;
  }
  const { finishedAt, updatedAt } = entry.record;
  const { lastStep } = entry;
  const after = lastStep === undefined ? 'before its first step' : `after step ${lastStep}`;
  return {
    kind: 'crashed',
    id: 'crashed',
    time: finishedAt ?? updatedAt,
    title: state === 'failed' ? `has failed ${after}` : `fell silent ${after}`,
    ...(lastStep !== undefined && { step: lastStep }),
  };
}
