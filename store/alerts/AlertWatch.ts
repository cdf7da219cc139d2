import type { RunEvent } from '@rolloscope/contract/types';
import { CLOCK, type Clock } from '../Clock';
import type { Change, Engine } from '../engine/Engine';
import type { ReadOptions } from '../engine/ReadOptions';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import { Turn } from '../Turn';
import type { AlertSettings } from './AlertSettings';
import { type Arrival, Arrivals } from './Arrivals';
import { CatchUp } from './CatchUp';
import { EvalJudge } from './EvalJudge';
import { Histories } from './Histories';
import { EVENT_TYPES, type LoadedRun, loadRuns, type RunMoment } from './loadRuns';
import { MetricRoles } from './MetricRoles';
import { type Moment, RunWatch } from './RunWatch';
import { type Wanted, WantedRuns } from './WantedRuns';

/** A run that has ended is kept so long, for its last values to be scraped. */
export const LINGER_MS = 5 * 60_000;

const TICK_MS = 1_000;
const MOST_JUDGEMENTS = 1_000_000;

interface AlertWatchOptions {
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
  private readonly histories = new Histories();
  readonly roles: MetricRoles;
  private readonly judge: EvalJudge;
  private readonly arrivals: Arrivals;
  private readonly behind = new CatchUp();
  /** Silence of runs that were there at the start counts from then on. */
  private startedAt = 0;
  private readonly wanted = new WantedRuns();
  /** Runs that have nothing to be read: they were made since the start, and nothing was logged to them yet. */
  private readonly blank = new Set<string>();
  /** The position of the last commit that a watched run was read with. */
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
    this.arrivals = new Arrivals(this.roles, options.mostWaiting);
    this.judge = new EvalJudge(engine, runIndex, this.roles, options.settings);
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

  /** Takes what was in a commit; to be called after every one. It is fast: it only picks out what matters. */
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
        this.arrivals.add(of(change.run), change, turn);
      } else if (change.kind === 'rows') {
        this.judge.tables.observe(change.run, change.table, change.columns);
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
    }
    this.work();
  }

  /** A run was deleted: nothing of it is another run's that is made under its id. */
  private forget(run: string): void {
    this.blank.delete(run);
    this.behind.delete(run);
    this.runs.delete(run);
    this.histories.delete(run);
    this.judge.tables.forget(run);
    this.arrivals.forget(run);
    this.wanted.forget(run);
  }

  private moment(): Moment {
    return { now: this.clock.now(), steady: this.clock.steady() };
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
        this.judge.tables.forget(id);
      } else if (entry.record.state === 'running' && !this.runIndex.isSilent(entry)) {
        // Silence may be the end of such a run: it has stalled when it still lives, and steps no more.
        const steady = entry.record.endsSilently ? entry.heardAt : moment.steady;
        this.write(watch.takeTime({ ...moment, steady }), entry).catch(this.options.onError);
      }
    }
  }

  /** Arrivals that wait to be judged, and runs that are still to be taken up after a start. */
  get waiting(): number {
    return this.arrivals.size + this.behind.size;
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
    for (let next = isOver() ? undefined : this.arrivals.shift(); next; ) {
      await this.take(next);
      next = isOver() ? undefined : this.arrivals.shift();
    }
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
      await this.wanted.during([arrival.run], async ([one]) => {
        await this.arrivals.pickRest(arrival);
        const events = await this.judge.arrival(watch, entry, arrival);
        await this.write(one?.isWanted ? events : [], entry);
      });
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
    const runs = moments.map(({ entry }) => entry.record.id);
    return this.wanted.during(runs, async (wanted) => {
      const loaded = await loadRuns(this.sources, moments, position, this.judge.tables);
      for (const [i, { entry }] of moments.entries()) {
        const run = loaded?.get(entry.record.id);
        // One of several may have been read again meanwhile, by what arrived of it.
        if (run && !(i > 0 && this.runs.has(entry.record.id))) {
          await this.takeLoaded(run, entry, wanted[i], position);
        }
        // To judge evals takes statements of their own, and what arrives waits for no run but its own.
        if (moments.length > 1) {
          await this.takeArrivals();
        }
      }
      return loaded !== undefined;
    });
  }

  private async takeLoaded(run: LoadedRun, entry: RunEntry, one: Wanted | undefined, position: number) {
    const { id } = entry.record;
    const isLate = () => !one?.isWanted || this.closing.signal.aborted;
    const events = isLate() ? [] : await this.judge.loaded(run, entry, this.judge.tables);
    if (!isLate()) {
      this.loadedAt.set(run.watch, position);
      this.runs.set(id, run.watch);
      await this.write(events, entry);
    }
  }

  private get sources() {
    return { engine: this.engine, roles: this.roles, settings: this.options.settings };
  }

  /**
   * Gives what is known of a run; one that has ended is read again, without each prompt's results: so the standard
   * errors are those of unpaired evals, and whether something was open is told by the stored events. `asker`: who
   * waits.
   */
  async history(entry: RunEntry, asker?: ReadOptions): Promise<RunWatch> {
    const { id } = entry.record;
    const known = this.runs.get(id) ?? this.histories.get(id);
    if (known) {
      return known;
    }
    const sources = { ...this.sources, engine: asker ? this.engine.readsFor(asker) : this.engine };
    const loaded = await loadRuns(sources, [{ entry, heardAt: entry.heardAt }], this.observedAt, undefined);
    const run = loaded?.get(id);
    const watch = run?.watch ?? new RunWatch(id, this.options.settings);
    if (run) {
      await this.judge.loaded(run, entry, undefined);
    }
    // It is remembered only while the entry is still that of the run, and the run is still there.
    if (this.runIndex.get(id) === entry) {
      this.histories.remember(id, watch);
    }
    return watch;
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
