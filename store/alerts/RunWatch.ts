import { goesBefore } from '@rolloscope/contract';
import type { RunEvent } from '@rolloscope/contract/types';
import type { EventMark } from '../engine/EngineReads';
import type { AlertSettings, WatchedMetric } from './AlertSettings';
import type { Eval } from './Eval';
import { before, type Evidence, type Judgement, judgeEval } from './judgeEval';
import type { LevelKind, MetricRole } from './MetricRoles';
import { type OpenAlert, OpenAlerts } from './OpenAlerts';
import { Pulse } from './Pulse';
import { duration, short, tellEval } from './tell';

/** One task of a run, judged by one metric. */
export interface TaskWatch {
  task: string;
  metric: string;
  rank: number;
  watched: WatchedMetric;
  /** One an eval, in the order of steps. */
  judgements: Judgement[];
}

export interface LoggedPoint {
  metric: string;
  attempt: number;
  step: number | null;
  time: number;
  value: number;
}

/** A moment by both clocks: one tells when something was, the other one how long it took. */
export interface Moment {
  now: number;
  steady: number;
}

/** Tasks of a run that are judged; what comes after is a metric like any other. */
const MOST_TASKS = 1_000;
/** Evals of a task that are remembered: beyond, the older half is forgotten. */
export const MOST_EVALS = 10_000;
/** Those of a task that are never forgotten, whatever there is of others. */
const LEAST_EVALS = 100;

/** Kinds that are told from the stream, so that a restart takes them up from the stored events. */
const STREAMED = ['stalled', 'nan', 'zero_spread', 'truncated', 'stale'] as const;
/** What hovers at its limit opens an alert once: it closes at this part of the limit. */
const CLOSES_BELOW = 0.9;
const LEVEL_TITLES: Readonly<Record<LevelKind, (level: number) => string>> = {
  zero_spread: (level) => `${short(level * 100)} % of the prompt groups have equal rewards in all samples`,
  truncated: (level) => `${short(level * 100)} % of the responses are truncated`,
  stale: (level) => `One rollout in a hundred is of a policy ${short(level)} versions old`,
};

/** The newest values of a metric, one a step. */
interface LevelWatch {
  kind: LevelKind;
  metric: string;
  step: number | null;
  values: number[];
}

/**
 * Everything the alerts know of one run. It takes what the run logs, in the order of arrival, and gives the events to
 * write; it reads nothing itself.
 */
export class RunWatch {
  readonly tasks = new Map<string, TaskWatch>();
  readonly pulse = new Pulse();
  /** Levels: by metric for ages, as each table has its own; else by kind, as trainers log one or several alike. */
  private readonly levels = new Map<string, LevelWatch>();
  private readonly alerts: OpenAlerts;

  constructor(
    readonly run: string,
    private readonly settings: AlertSettings,
    stored: readonly EventMark[] = [],
  ) {
    this.alerts = new OpenAlerts(run, stored);
    this.alerts.restore(stored, STREAMED);
  }

  /** The task that a metric is judged for; undefined where a pattern higher up in the list has the task already. */
  taskOf(metric: string, { task, rank, watched }: NonNullable<MetricRole['eval']>): TaskWatch | undefined {
    const known = this.tasks.get(task);
    if (known?.metric === metric) {
      return known;
    }
    const isBetter = !known || rank < known.rank || (rank === known.rank && goesBefore(metric, known.metric));
    if (!isBetter || (!known && this.tasks.size >= MOST_TASKS)) {
      return undefined;
    }
    const fresh = { task, metric, rank, watched, judgements: [] };
    this.tasks.set(task, fresh);
    return fresh;
  }

  /** Judges an eval. `evidence` is what could be found for it. */
  takeEval(watch: TaskWatch, now: Eval, evidence: Evidence): RunEvent[] {
    const earlier = before(watch.judgements, now);
    if (!earlier) {
      return [];
    }
    const judgement = judgeEval(earlier, now, watch.watched, this.settings, evidence);
    const kept = earlier === watch.judgements ? watch.judgements : [...earlier];
    watch.judgements = kept.length < MOST_EVALS ? kept : kept.slice(-MOST_EVALS / 2);
    watch.judgements.push(judgement);
    const { againstBest, againstBaseline } = judgement;
    const { metric, task } = watch;
    const tell = (comparison: typeof againstBest, what: string) => () =>
      comparison
        ? tellEval(metric, task, judgement, comparison, what)
        : { time: now.time, step: now.step, title: `${metric} ${what}` };
    return [
      ...this.alerts.set(
        'regression',
        metric,
        judgement.regressed,
        now.step,
        tell(againstBest, verb(judgement.regressed)),
      ),
      ...this.alerts.set(
        'below_baseline',
        metric,
        judgement.belowBaseline,
        now.step,
        tell(againstBaseline, judgement.belowBaseline ? 'is below the baseline' : 'is back at the baseline'),
      ),
    ];
  }

  /** Judgements that are remembered. */
  get size(): number {
    return [...this.tasks.values()].reduce((sum, { judgements }) => sum + judgements.length, 0);
  }

  /** Forgets the older judgements beyond so many. */
  keep(most: number): void {
    if (this.size <= most) {
      return;
    }
    const each = Math.max(LEAST_EVALS, Math.floor(most / this.tasks.size));
    for (const task of this.tasks.values()) {
      task.judgements = task.judgements.length > each ? task.judgements.slice(-each) : task.judgements;
    }
  }

  /** A point of a metric that must be finite, or not too high. */
  takePoint(point: LoggedPoint, role: MetricRole): RunEvent[] {
    const at = point.step ?? point.time;
    const told = { time: point.time, ...(point.step !== null && { step: point.step }) };
    const events: RunEvent[] = [];
    if (role.finite) {
      const isBroken = !Number.isFinite(point.value);
      const title = `${point.metric} is ${isBroken ? point.value : 'finite again'}`;
      events.push(...this.alerts.set('nan', point.metric, isBroken, at, () => ({ ...told, title })));
    }
    if (role.level && Number.isFinite(point.value)) {
      events.push(...this.takeLevel(role.level, point, { ...told, at }));
    }
    return events;
  }

  private takeLevel(
    kind: LevelKind,
    { metric, step, value }: LoggedPoint,
    { at, ...told }: { at: number; time: number; step?: number },
  ): RunEvent[] {
    const { ratioSteps } = this.settings;
    const key = kind === 'stale' ? metric : kind;
    const known: LevelWatch = this.levels.get(key) ?? { kind, metric, step: null, values: [] };
    if (known.metric !== metric) {
      return [];
    }
    // What a step comes to may be told again, of more of its rows.
    const isSame = step !== null && step === known.step;
    known.values = [...(isSame ? known.values.slice(0, -1) : known.values), value].slice(-ratioSteps);
    known.step = step;
    this.levels.set(key, known);
    if (known.values.length < ratioSteps) {
      return [];
    }
    const level = meanOf(known);
    const limit = this.limitOf(kind);
    const isHigh = level >= limit * (this.alerts.isOpen(kind, metric) ? CLOSES_BELOW : 1);
    const title = `${LEVEL_TITLES[kind](level)}${isHigh ? '' : `: no longer too ${kind === 'stale' ? 'old' : 'many'}`}`;
    const values = kind === 'stale' ? { age: level, limit } : { ratio: level, limit };
    return this.alerts.set(kind, metric, isHigh, at, () => ({ ...told, title, values }));
  }

  private limitOf(kind: LevelKind): number {
    const { zeroSpreadRatio, truncatedRatio, staleVersions } = this.settings;
    return { zero_spread: zeroSpreadRatio, truncated: truncatedRatio, stale: staleVersions }[kind];
  }

  /** Mean of the newest values, of several metrics the highest; undefined where none tells. */
  level(kind: LevelKind): number | undefined {
    const levels = [...this.levels.values()].filter((one) => one.kind === kind).map(meanOf);
    return levels.length === 0 ? undefined : Math.max(...levels);
  }

  /** The run logged up to a step. */
  takeStep(attempt: number, step: number, time: number, arrivedAt: Moment): RunEvent[] {
    this.pulse.observe(attempt, step, time, arrivedAt.steady);
    return this.alerts.set('stalled', '', false, step, () => ({
      time: arrivedAt.now,
      step,
      title: `Goes on at step ${step}`,
    }));
  }

  /** Looks whether a live run has stalled. */
  takeTime({ now, steady }: Moment): RunEvent[] {
    const { arrivedAt, lastStep, interval } = this.pulse;
    const limit = this.pulse.limit(this.settings);
    if (arrivedAt === undefined || lastStep === undefined || limit === undefined || interval === undefined) {
      return [];
    }
    const silence = steady - arrivedAt;
    const isStalled = silence > limit || this.alerts.isOpen('stalled');
    return this.alerts.set('stalled', '', isStalled, lastStep, () => ({
      time: now,
      step: lastStep,
      title: `Stalled: no step for ${duration(silence)}, where one took ${duration(interval)}`,
      values: { silentSeconds: silence / 1_000, intervalSeconds: interval / 1_000, limitSeconds: limit / 1_000 },
    }));
  }

  /** Every alert that is open. */
  get openAlerts(): Iterable<OpenAlert> {
    return this.alerts.all();
  }

  /** Says whether a flag of the run is up. */
  isOpen(kind: (typeof STREAMED)[number]): boolean {
    return this.alerts.anyOpen(kind);
  }
}

const meanOf = ({ values }: LevelWatch) => values.reduce((sum, value) => sum + value, 0) / values.length;
const verb = (regressed: boolean) => (regressed ? 'regressed' : 'recovered');
