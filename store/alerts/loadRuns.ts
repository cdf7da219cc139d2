import { ALERT_KINDS, RECOVERY_EVENT } from '@rolloscope/contract';
import type { RunEvent } from '@rolloscope/contract/types';
import type { ArrivedPoint, EngineReads, NewestAsk } from '../engine/EngineReads';
import { grouped } from '../grouped';
import type { Latest, RunEntry } from '../runs/RunEntry';
import { Turn } from '../Turn';
import type { AlertSettings } from './AlertSettings';
import type { EvalTables } from './EvalTables';
import type { MetricRole, MetricRoles } from './MetricRoles';
import { MOST_EVALS, RunWatch } from './RunWatch';

/** Evals that are judged again after a restart, of all metrics of the run. */
const MOST_EVALS_OF_RUN = 100_000;
const PULSE_STEPS = 51;
/** Points a step: what rows come to is told anew with each batch, and of so many the newest steps are read whole. */
const POINTS_A_STEP = 8;
const MOST_EVENTS = 1_000;
/** Points and events of several runs that are held at one time. */
const MOST_OF_MANY = 100_000;
const MOST_EVENTS_OF_MANY = 5_000;

/** Events that tell what was open. */
export const EVENT_TYPES: ReadonlySet<string> = new Set([...ALERT_KINDS, RECOVERY_EVENT]);

export interface LoadedRun {
  watch: RunWatch;
  /** Evals in the order of arrival, still to be judged. */
  evals: ArrivedPoint[];
  /** Events that the newest points tell and no stored event told. */
  events: RunEvent[];
}

/** A run of which something is to be known, as of a commit. */
export interface RunMoment {
  entry: RunEntry;
  /** The moment by the steady clock from which on silence counts. */
  heardAt: number;
}

interface LoadSources {
  engine: EngineReads;
  roles: MetricRoles;
  settings: AlertSettings;
}

/** The parts of a run's points that the alerts want. */
interface Wanted extends RunMoment {
  /** The newest point of each metric that is something to the alerts. */
  known: Map<string, { role: MetricRole; point: Latest }>;
  judged: string[];
  levels: string[];
  /** A metric that was logged at the last step. */
  stepped: string | undefined;
}

/**
 * Runs as their data and their stored events tell, by id. `position` is that of the last commit that the run index has: what is
 * committed while this reads is not in it. Without `tables` each prompt's results are not looked for. One statement reads
 * of all runs what it reads of one; undefined where there is more of several runs than can be held together.
 */
export async function loadRuns(
  { engine, roles, settings }: LoadSources,
  moments: readonly RunMoment[],
  position: number,
  tables: EvalTables | undefined,
): Promise<Map<string, LoadedRun> | undefined> {
  const isOne = moments.length === 1;
  // Commits write into the run index's own.
  const latest = moments.map(({ entry }) => new Map(entry.latest));
  const marks = await engine.eventMarks({
    runs: moments.map(({ entry }) => entry.record.id),
    types: [...EVENT_TYPES],
    limit: isOne ? MOST_EVENTS : MOST_EVENTS_OF_MANY + 1,
  });
  if (!isOne && marks.length > MOST_EVENTS_OF_MANY) {
    return undefined;
  }
  const wanted: Wanted[] = [];
  for (const [i, moment] of moments.entries()) {
    wanted.push(await wantedOf(moment, latest[i] ?? new Map(), roles));
  }
  const asked = wanted.flatMap((one) => asksOf(one, settings));
  const newest = await engine.newestPoints(asked, position, isOne ? undefined : MOST_OF_MANY);
  if (!newest) {
    return undefined;
  }
  const stored = grouped(marks, ({ run }) => run);
  const runs = new Map<string, LoadedRun>();
  for (const one of wanted) {
    const { id } = one.entry.record;
    const watch = new RunWatch(id, settings, stored.get(id)?.slice(0, MOST_EVENTS));
    const loaded = takeUp(watch, one, newest.get(id) ?? [], settings);
    for (const { name, columns } of loaded.evals.length > 0 && tables ? await engine.tablesOf(id) : []) {
      tables?.observe(id, name, columns);
    }
    runs.set(id, loaded);
  }
  return runs;
}

async function wantedOf(moment: RunMoment, latest: Map<string, Latest>, roles: MetricRoles): Promise<Wanted> {
  const wanted: Wanted = { ...moment, known: new Map(), judged: [], levels: [], stepped: undefined };
  const { lastStep } = moment.entry;
  // A run may have very many metrics, hardly any of which are anything to the alerts.
  await new Turn().all(latest, ([metric, point]) => {
    const role = roles.of(metric);
    if (role) {
      wanted.known.set(metric, { role, point });
      wanted.judged.push(...(role.eval ? [metric] : []));
      wanted.levels.push(...(role.level ? [metric] : []));
    }
    wanted.stepped ??= point.step !== null && point.step === lastStep ? metric : undefined;
  });
  return wanted;
}

const evalsEach = ({ judged }: Wanted) =>
  Math.min(MOST_EVALS, Math.max(1, Math.floor(MOST_EVALS_OF_RUN / judged.length)));

function asksOf(wanted: Wanted, { ratioSteps }: AlertSettings): NewestAsk[] {
  const counts = new Map<string, number>();
  const ask = (metrics: readonly string[], count: number) => {
    for (const metric of metrics) {
      counts.set(metric, Math.max(count, counts.get(metric) ?? 0));
    }
  };
  ask(wanted.judged, evalsEach(wanted));
  ask(wanted.levels, ratioSteps * POINTS_A_STEP);
  ask(wanted.stepped === undefined ? [] : [wanted.stepped], PULSE_STEPS);
  const run = wanted.entry.record.id;
  return [...counts].map(([metric, count]) => ({ run, metric, count }));
}

function takeUp(
  watch: RunWatch,
  wanted: Wanted,
  points: readonly ArrivedPoint[],
  { ratioSteps }: AlertSettings,
): LoadedRun {
  const { known, judged, levels, stepped, heardAt } = wanted;
  const finite = [...known].flatMap(([metric, { role, point }]) => (role.level ? [] : [{ metric, ...point }]));
  const events = [...newestOf(points, levels, ratioSteps * POINTS_A_STEP), ...finite].flatMap((point) => {
    const role = known.get(point.metric)?.role;
    return role ? watch.takePoint(point, role) : [];
  });
  for (const { attempt, step, time } of newestOf(points, stepped === undefined ? [] : [stepped], PULSE_STEPS)) {
    if (step !== null) {
      watch.pulse.observe(attempt, step, time, heardAt);
    }
  }
  return { watch, evals: newestOf(points, judged, evalsEach(wanted)), events };
}

/** The newest points of some metrics, so many of each, in the order of arrival. */
function newestOf(points: readonly ArrivedPoint[], metrics: readonly string[], count: number): ArrivedPoint[] {
  const left = new Map(metrics.map((metric) => [metric, count]));
  const isWanted = ({ metric }: ArrivedPoint) => {
    const more = left.get(metric) ?? 0;
    left.set(metric, more - 1);
    return more > 0;
  };
  return points.toReversed().filter(isWanted).toReversed();
}
