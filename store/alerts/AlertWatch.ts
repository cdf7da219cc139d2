import type { RunEvent } from '@rolloscope/contract/types';
import { CLOCK, type Clock } from '../Clock';
import type { Change, Engine, PointsChange } from '../engine/Engine';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { atOnce, inTurns, type Steps, Turn } from '../Turn';
import type { AlertSettings } from './AlertSettings';
import { Baselines } from './Baselines';
import { CatchUp } from './CatchUp';
import { worseBy } from './compareEval';
import { type EvalPlace, EvalTables } from './EvalTables';
import { evalCounts } from './evalCounts';
import { before, type Evidence, type Judgement, referenceFor } from './judgeEval';
import { EVENT_TYPES, type LoadedRun, loadRuns, type RunMoment } from './loadRuns';
import { MetricRoles } from './MetricRoles';
import { type LoggedPoint, type Moment, RunWatch, type TaskWatch } from './RunWatch';

/** A run that has ended is kept so long, for its last values to be scraped. */
export const LINGER_MS = 5 * 60_000;

const TICK_MS = 1_000;
/** Judgements of ended runs that are remembered, and how many of them a run without any is worth. */
const MOST_REMEMBERED = 200_000;
const RUN_SIZE = 100;
/** Points of one change that are picked from as soon as it is committed, and those that are before a look at the clock. */
const PICKED_AT_ONCE = 2_000;
const STEP = 256;
const MOST_WAITING = 1_000_000;
const MOST_JUDGEMENTS = 1_000_000;

/** What came with one commit for one run. */
interface Arrival {
  run: string;
  position: number;
  points: LoggedPoint[];
  steps: Array<{ attempt: number; step: number; time: number }>;
  /** What is still to be picked from, after these: a commit may have points by the hundred thousand. */
  unpicked: PointsChange[];
  arrivedAt: Moment;
  /** What came was too much to wait here: all that there is of the run is read anew. */
  isAnew?: boolean;
}

/** A run that is being read or judged. */
interface Taking {
  run: string;
  /** Whether what comes out of it is still wanted: not when the run was deleted meanwhile. */
  isWanted: boolean;
}

export interface AlertWatchOptions {
  settings: AlertSettings;
  /** Stores events of the run with that key; one whose id the run has is not stored again. */
  write(events: RunEvent[], key: string | undefined): Promise<unknown>;
  onError(error: unknown): void;
  clock?: Clock;
  /** Points that may wait to be judged; beyond, their runs are read anew. */
  mostWaiting?: number;
  /** Judgements of all watched runs that are remembered. */
  mostJudgements?: number;
}

/**
 * Watches what is committed, judges it, and writes events. It works behind the commits, one arrival after another, so
 * no caller waits for it. A judgement uses only what was there at its commit: after a crash the same data gives the same
 * events, which the store then knows already.
 */
export class AlertWatch {
  /** Runs that are watched: live ones, and those that have just ended. */
  readonly runs = new Map<string, RunWatch>();
  private readonly histories = new Map<string, RunWatch>();
  readonly roles: MetricRoles;
  private readonly tables: EvalTables;
  private readonly baselines: Baselines;
  private arrivals: Arrival[] = [];
  private readonly behind = new CatchUp();
  /** Silence of runs that were there at the start counts from then on. */
  private startedAt = 0;
  /** Points of all of them, roughly. */
  private waitingPoints = 0;
  private readonly taking = new Set<Taking>();
  /** Runs that have nothing to be read: they were made since the start, and nothing was logged to them yet. */
  private readonly blank = new Set<string>();
  /** By watched run: the last commit that it was read with. */
  private readonly loadedAt = new WeakMap<RunWatch, number>();
  /** The last commit that was observed, which is the last one that the run index has. */
  private observedAt: number;
  private readonly clock: Clock;
  private working: Promise<void> | undefined;
  private readonly closing = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly runIndex: RunIndex,
    private readonly options: AlertWatchOptions,
  ) {
    this.clock = options.clock ?? CLOCK;
    this.observedAt = runIndex.position;
    this.roles = new MetricRoles(options.settings);
    this.tables = new EvalTables(engine);
    this.baselines = new Baselines(engine, runIndex, this.tables);
  }

  /** Takes up the runs that were running when the store stopped, and looks at the clock from now on. */
  start(): void {
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.timer.unref();
    this.startedAt = this.clock.steady();
    for (const { record } of this.runIndex.all()) {
      if (record.state === 'running') {
        this.behind.add(record.id);
      }
    }
    this.work();
  }

  /** To be called after every commit, with what was in it. Fast: it only picks out what matters. */
  observe(changes: readonly Change[], position: number): void {
    this.observedAt = position;
    const arrivals = new Map<string, Arrival>();
    const arrivedAt = this.moment();
    const of = (run: string): Arrival => {
      const arrival = arrivals.get(run) ?? { run, position, points: [], steps: [], unpicked: [], arrivedAt };
      arrivals.set(run, arrival);
      return arrival;
    };
    const turn = new Turn();
    for (const change of changes) {
      if (change.kind === 'points') {
        const arrival = of(change.run);
        // What comes after something that is left for later is left for later, too.
        if (turn.isOver || arrival.unpicked.length > 0 || change.metrics.length > PICKED_AT_ONCE) {
          arrival.unpicked.push(change);
        } else {
          atOnce(pickPoints(change, arrival, this.roles));
        }
      } else if (change.kind === 'rows') {
        this.tables.observe(change.run, change.table, change.columns);
        const { attempt, entryStep: step, times } = change;
        if (step !== null) {
          of(change.run).steps.push({ attempt, step, time: times[0] ?? arrivedAt.now });
        }
      } else if (change.kind === 'delete') {
        arrivals.delete(change.run);
        this.forget(change.run);
      } else if (change.kind === 'run' && change.run.attempts.length === 0) {
        this.blank.add(change.run.id);
      }
    }
    for (const run of changes.flatMap(alertedRuns)) {
      this.blank.delete(run);
    }
    for (const arrival of arrivals.values()) {
      this.histories.delete(arrival.run);
      this.arrivals.push(arrival);
      this.waitingPoints += pointsOf(arrival);
    }
    if (this.waitingPoints > (this.options.mostWaiting ?? MOST_WAITING)) {
      this.shorten();
    }
    this.work();
  }

  /** Lets go of what waits: of each run remains that it is to be read anew, which takes no more than that. */
  private shorten(): void {
    const anew = new Map<string, Arrival>();
    for (const { run, position, arrivedAt } of this.arrivals) {
      anew.set(run, { run, position, points: [], steps: [], unpicked: [], arrivedAt, isAnew: true });
    }
    this.arrivals = [...anew.values()];
    this.waitingPoints = this.arrivals.reduce((sum, arrival) => sum + pointsOf(arrival), 0);
  }

  /** A run was deleted: nothing of it is another run's that is made under its id. */
  private forget(run: string): void {
    this.blank.delete(run);
    this.behind.delete(run);
    this.runs.delete(run);
    this.histories.delete(run);
    this.tables.forget(run);
    this.arrivals = this.arrivals.filter((arrival) => arrival.run !== run);
    this.waitingPoints = this.arrivals.reduce((sum, arrival) => sum + pointsOf(arrival), 0);
    for (const one of this.taking) {
      one.isWanted &&= one.run !== run;
    }
  }

  private moment(): Moment {
    return { now: this.clock.now(), steady: this.clock.steady() };
  }

  /** Works on a run's data; undefined when the run was deleted meanwhile. */
  private async whileThere<T>(run: string, work: () => Promise<T>): Promise<T | undefined> {
    const one: Taking = { run, isWanted: true };
    this.taking.add(one);
    try {
      const result = await work();
      return one.isWanted ? result : undefined;
    } finally {
      this.taking.delete(one);
    }
  }

  /** Looks for runs that stalled, and lets go of those that ended. */
  tick(): void {
    const moment = this.moment();
    const most = Math.floor((this.options.mostJudgements ?? MOST_JUDGEMENTS) / Math.max(1, this.runs.size));
    for (const [id, watch] of this.runs) {
      watch.keep(most);
      const entry = this.runIndex.get(id);
      if (!entry || (entry.record.state !== 'running' && moment.steady - entry.heardAt > LINGER_MS)) {
        this.runs.delete(id);
        this.tables.forget(id);
      } else if (entry.record.state === 'running' && !this.runIndex.isSilent(entry)) {
        // Silence may be the end of such a run: it has stalled when it still lives, and steps no more.
        const steady = entry.record.endsSilently ? entry.heardAt : moment.steady;
        this.write(watch.takeTime({ ...moment, steady }), entry).catch(this.options.onError);
      }
    }
  }

  /** Arrivals that wait to be judged, and runs that are still to be taken up after a start. */
  get waiting(): number {
    return this.arrivals.length + this.behind.size;
  }

  /** Resolves when everything observed so far is judged, and its events are stored. */
  async settled(): Promise<void> {
    await this.working;
  }

  async close(): Promise<void> {
    this.closing.abort();
    clearInterval(this.timer);
    await this.working;
  }

  private work(): void {
    this.working ??= this.drain()
      .catch(this.options.onError)
      .finally(() => {
        this.working = undefined;
        if (this.waiting > 0 && !this.closing.signal.aborted) {
          this.work();
        }
      });
  }

  /** What arrives goes before what was there at the start. */
  private async drain(): Promise<void> {
    const { signal } = this.closing;
    await this.takeArrivals();
    while (this.behind.size > 0 && !signal.aborted) {
      await this.behind.next(
        (run) => (this.runs.has(run) ? undefined : this.runIndex.get(run)),
        (entries) => this.takeUp(entries),
        signal,
      );
      await this.takeArrivals();
    }
  }

  private async takeArrivals(): Promise<void> {
    const isOver = () => this.closing.signal.aborted;
    for (let next = isOver() ? undefined : this.shift(); next; next = isOver() ? undefined : this.shift()) {
      await this.take(next);
    }
  }

  private shift(): Arrival | undefined {
    const next = this.arrivals.shift();
    this.waitingPoints -= next ? pointsOf(next) : 0;
    return next;
  }

  private async take(arrival: Arrival): Promise<void> {
    const entry = this.runIndex.get(arrival.run);
    // Hundreds of runs may start at once, and each would take statements beside their commits.
    if (this.blank.delete(arrival.run) && !this.runs.has(arrival.run)) {
      this.runs.set(arrival.run, new RunWatch(arrival.run, this.options.settings));
    }
    const watch = this.runs.get(arrival.run);
    // What came while the run was read is in it already.
    if (!entry || (watch && arrival.position <= (this.loadedAt.get(watch) ?? 0))) {
      return;
    }
    if (watch && !arrival.isAnew) {
      const events = await this.whileThere(arrival.run, () => this.judgeArrival(watch, entry, arrival));
      await this.write(events ?? [], entry);
      return;
    }
    // The first arrival of a run brings in all that is there of it, that arrival included.
    await this.load([{ entry, heardAt: arrival.arrivedAt.steady }]);
  }

  private takeUp(entries: readonly RunEntry[]): Promise<boolean> {
    return this.load(entries.map((entry) => ({ entry, heardAt: this.startedAt })));
  }

  /** Takes up runs with all that is there of them. False where they are too many to be held together. */
  private async load(moments: readonly RunMoment[]): Promise<boolean> {
    const position = this.observedAt;
    const taking = moments.map(({ entry }): Taking => ({ run: entry.record.id, isWanted: true }));
    for (const one of taking) {
      this.taking.add(one);
    }
    try {
      const loaded = await loadRuns(this.sources, moments, position, this.tables);
      for (const [i, { entry }] of moments.entries()) {
        const run = loaded?.get(entry.record.id);
        // Of several one may have been read again meanwhile, by what arrived of it.
        if (run && !(i > 0 && this.runs.has(entry.record.id))) {
          await this.takeLoaded(run, entry, taking[i], position);
        }
        // To judge evals takes statements of their own, and what arrives waits for no run but its own.
        if (moments.length > 1) {
          await this.takeArrivals();
        }
      }
      return loaded !== undefined;
    } finally {
      for (const one of taking) {
        this.taking.delete(one);
      }
    }
  }

  private async takeLoaded(run: LoadedRun, entry: RunEntry, one: Taking | undefined, position: number) {
    const { id } = entry.record;
    const isLate = () => !one?.isWanted || this.closing.signal.aborted;
    const events = isLate() ? [] : await this.judgeLoaded(run, entry, this.tables);
    if (!isLate()) {
      this.loadedAt.set(run.watch, position);
      this.runs.set(id, run.watch);
      await this.write(events, entry);
    }
  }

  private async judgeArrival(watch: RunWatch, entry: RunEntry, arrival: Arrival): Promise<RunEvent[]> {
    const { position, points, steps, unpicked, arrivedAt } = arrival;
    for (const change of unpicked) {
      await inTurns(pickPoints(change, arrival, this.roles));
    }
    const events: RunEvent[] = [];
    for (const { attempt, step, time } of steps) {
      events.push(...watch.takeStep(attempt, step, time, arrivedAt));
    }
    for (const point of points) {
      const role = this.roles.of(point.metric);
      events.push(...(role ? watch.takePoint(point, role) : []));
      events.push(...(await this.judge(watch, entry, point, position)));
    }
    return events;
  }

  private get sources() {
    return { engine: this.engine, roles: this.roles, settings: this.options.settings };
  }

  /** Judges what was read of a run, as it is. */
  private async judgeLoaded(
    { watch, evals, events: told }: LoadedRun,
    entry: RunEntry,
    tables: EvalTables | undefined,
  ): Promise<RunEvent[]> {
    const events = [...told];
    const turn = new Turn();
    for (const point of evals) {
      events.push(...(await this.judge(watch, entry, point, point.position, tables)));
      if (turn.isOver) {
        await turn.next();
      }
    }
    return events;
  }

  /**
   * What is known of a run; of one that has ended it is read again, without each prompt's results: so the standard
   * errors are those of unpaired evals, and whether something was open is told by the stored events.
   */
  async history(entry: RunEntry): Promise<RunWatch> {
    const { id } = entry.record;
    const known = this.runs.get(id) ?? this.histories.get(id);
    if (known) {
      return known;
    }
    const loaded = await loadRuns(this.sources, [{ entry, heardAt: entry.heardAt }], this.observedAt, undefined);
    const run = loaded?.get(id);
    const watch = run?.watch ?? new RunWatch(id, this.options.settings);
    if (run) {
      await this.judgeLoaded(run, entry, undefined);
    }
    // Not of what it was by now, nor of a run that is not there any more.
    if (this.runIndex.get(id) === entry) {
      this.remember(id, watch);
    }
    return watch;
  }

  private remember(id: string, watch: RunWatch): void {
    this.histories.set(id, watch);
    let judgements = 0;
    for (const [run, { size }] of [...this.histories].reverse()) {
      judgements += size + RUN_SIZE;
      if (judgements > MOST_REMEMBERED) {
        this.histories.delete(run);
      }
    }
  }

  private async judge(
    watch: RunWatch,
    entry: RunEntry,
    { metric, attempt, step, time, value }: LoggedPoint,
    position: number,
    tables: EvalTables | undefined = this.tables,
  ): Promise<RunEvent[]> {
    const role = this.roles.of(metric)?.eval;
    const task = role && step !== null ? watch.taskOf(metric, role) : undefined;
    const earlier = task && step !== null ? before(task.judgements, { attempt, step, time, value }) : undefined;
    if (!task || !earlier || step === null) {
      return [];
    }
    const place = { run: watch.run, task: task.task, step, value };
    const results = await tables?.results(place, position);
    const now = { attempt, step, time, value, ...evalCounts(entry, metric, task.task, results?.size) };
    return watch.takeEval(task, now, {
      ...(tables && (await this.pairWithReference(task, earlier, place, position))),
      ...(await this.baselines.at(entry, task, place, position)),
    });
  }

  /** Only a drop that may count is worth reading four evals. */
  private async pairWithReference(
    { watched, task }: TaskWatch,
    earlier: readonly Judgement[],
    place: EvalPlace,
    position: number,
  ): Promise<Evidence> {
    const reference = referenceFor(earlier);
    if (!reference || worseBy(place.value, reference.value, watched.better) <= this.options.settings.minDelta) {
      return {};
    }
    const places = earlier.flatMap(({ eval: { step, value } }) =>
      reference.steps.includes(step) ? [{ run: place.run, task, step, value }] : [],
    );
    const paired = await this.tables.paired(places, place, position);
    return paired ? { paired } : {};
  }

  private async write(events: readonly RunEvent[], { record }: RunEntry): Promise<void> {
    if (events.length > 0) {
      await this.options.write([...events], record.key);
    }
  }
}

/** Runs of which a client tells alerts by itself. */
const alertedRuns = (change: Change) =>
  change.kind === 'events' ? change.events.flatMap(({ type, run }) => (EVENT_TYPES.has(type) ? [run] : [])) : [];

/** What an arrival holds. It is picked from later than it is observed, so that counts what it is picked from. */
const pointsOf = ({ points, steps, unpicked }: Arrival): number =>
  unpicked.reduce((sum, { metrics }) => sum + metrics.length, 1 + points.length + steps.length);

/** Picks out of logged points those that have a role, and the steps that were reached. */
function* pickPoints(
  { metrics, attempt, steps, times, values }: PointsChange,
  arrival: Arrival,
  roles: MetricRoles,
): Steps<void> {
  let reached: number | null = null;
  for (const [i, metric] of metrics.entries()) {
    const step = steps[i] ?? null;
    const time = times[i] ?? 0;
    if (step !== null && (reached === null || step > reached)) {
      reached = step;
      arrival.steps.push({ attempt, step, time });
    }
    if (roles.of(metric)) {
      arrival.points.push({ metric, attempt, step, time, value: values[i] ?? Number.NaN });
    }
    if (i % STEP === STEP - 1) {
      yield;
    }
  }
}
