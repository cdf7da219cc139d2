import { ALERT_KINDS, RECOVERY_EVENT } from '@rolloscope/contract';
import type { RunEvent } from '@rolloscope/contract/types';
import type { Engine } from '../engine/Engine';
import type { ArrivedPoint } from '../engine/EngineReads';
import type { RunEntry } from '../runs/RunEntry';
import { Turn } from '../Turn';
import type { AlertSettings } from './AlertSettings';
import type { EvalTables } from './EvalTables';
import type { MetricRole, MetricRoles } from './MetricRoles';
import { MOST_EVALS, RunWatch } from './RunWatch';

/** Evals that are judged again after a restart, of all metrics of the run. */
const MOST_EVALS_OF_RUN = 100_000;
const PULSE_STEPS = 51;
const MOST_EVENTS = 1_000;

/** Events that tell what was open. */
export const EVENT_TYPES: ReadonlySet<string> = new Set([...ALERT_KINDS, RECOVERY_EVENT]);

export interface LoadedRun {
  watch: RunWatch;
  /** In the order of arrival, still to be judged. */
  evals: ArrivedPoint[];
  /** What the newest points tell that no stored event told. */
  events: RunEvent[];
}

/** The data of a run up to a commit: `position` is that of the last one that the book has. */
export interface RunMoment {
  entry: RunEntry;
  position: number;
  /** By the steady clock: from when on silence counts. */
  heardAt: number;
}

/**
 * A run as its data and its stored events tell. What is committed while this reads is not in it. Without `tables` each
 * prompt's results are not looked for.
 */
export async function loadRun(
  engine: Engine,
  { entry, position, heardAt }: RunMoment,
  roles: MetricRoles,
  tables: EvalTables | undefined,
  settings: AlertSettings,
): Promise<LoadedRun> {
  const run = entry.record.id;
  // Commits write into the book's own.
  const latest = new Map(entry.latest);
  const watch = new RunWatch(
    run,
    settings,
    await engine.eventMarks({ runs: [run], types: [...EVENT_TYPES], limit: MOST_EVENTS }),
  );
  // A run may have very many metrics, hardly any of which are anything to the alerts.
  const known = new Map<string, MetricRole>();
  await new Turn().all(latest.keys(), (metric) => {
    const role = roles.of(metric);
    if (role) {
      known.set(metric, role);
    }
  });
  const judged = [...known].flatMap(([metric, role]) => (role.eval ? [metric] : []));
  const share = Math.max(1, Math.floor(MOST_EVALS_OF_RUN / judged.length));
  const evals = await engine.newestPoints(run, judged, Math.min(MOST_EVALS, share), position);
  if (evals.length > 0 && tables) {
    for (const { name, columns } of await engine.tableSummaries([{ run }])) {
      tables.note(run, name, columns);
    }
  }
  const ratios = [...known].flatMap(([metric, { ratio }]) => (ratio ? [metric] : []));
  const newest = await engine.newestPoints(run, ratios, settings.ratioSteps, position);
  const finite = [...known].flatMap(([metric, { ratio }]) => {
    const point = latest.get(metric);
    return ratio || !point ? [] : [{ metric, ...point }];
  });
  const events = [...newest, ...finite].flatMap((point) => {
    const role = known.get(point.metric);
    return role ? watch.takePoint(point, role) : [];
  });
  const stepped = [...latest].find(([, { step }]) => step !== null && step === entry.lastStep)?.[0];
  const steps = stepped ? await engine.newestPoints(run, [stepped], PULSE_STEPS, position) : [];
  for (const { attempt, step, time } of steps) {
    if (step !== null) {
      watch.pulse.note(attempt, step, time, heardAt);
    }
  }
  return { watch, evals, events };
}
