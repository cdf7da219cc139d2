import type { RunEvent } from '@rolloscope/contract/types';
import type { Change, Engine, PointsChange } from '../engine/Engine';
import type { RunBook, RunEntry } from '../runs/RunBook';
import type { AlertSettings } from './AlertSettings';
import { Baselines } from './Baselines';
import { worseBy } from './compareEval';
import { configPrompts } from './configPrompts';
import { type EvalPlace, EvalTables } from './EvalTables';
import { before, type Evidence, type Judgement, referenceFor } from './judgeEval';
import { loadRun } from './loadRun';
import { MetricRoles } from './MetricRoles';
import type { LoggedPoint, RunWatch, TaskWatch } from './RunWatch';

/** A run that has ended is kept so long, for its last values to be scraped. */
export const LINGER_MS = 5 * 60_000;

const TICK_MS = 1_000;
/** Ended runs whose evals are remembered. */
const MOST_HISTORIES = 500;

/** What came with one commit for one run. */
interface Arrival {
  run: string;
  position: number;
  points: LoggedPoint[];
  steps: Array<{ attempt: number; step: number; time: number }>;
  arrivedAt: number;
}

export interface AlertWatchOptions {
  settings: AlertSettings;
  /** Stores events; one whose id the run has is not stored again. */
  write(events: RunEvent[]): Promise<unknown>;
  onError(error: unknown): void;
  now?: () => number;
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
  private readonly arrivals: Arrival[] = [];
  private readonly now: () => number;
  private working: Promise<void> | undefined;
  private isClosed = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly book: RunBook,
    private readonly options: AlertWatchOptions,
  ) {
    this.now = options.now ?? Date.now;
    this.roles = new MetricRoles(options.settings);
    this.tables = new EvalTables(engine);
    this.baselines = new Baselines(engine, book, this.tables);
  }

  /** Takes up the runs that were running when the store stopped, and looks at the clock from now on. */
  start(): void {
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.timer.unref();
    const arrivedAt = this.now();
    for (const { record } of this.book.all()) {
      if (record.state === 'running') {
        this.arrivals.push({ run: record.id, position: this.engine.position, points: [], steps: [], arrivedAt });
      }
    }
    this.work();
  }

  /** To be called after every commit, with what was in it. Fast: it only picks out what matters. */
  note(changes: readonly Change[], position: number): void {
    const arrivals = new Map<string, Arrival>();
    const arrivedAt = this.now();
    const of = (run: string): Arrival => {
      const arrival = arrivals.get(run) ?? { run, position, points: [], steps: [], arrivedAt };
      arrivals.set(run, arrival);
      return arrival;
    };
    for (const change of changes) {
      if (change.kind === 'points') {
        pickPoints(change, of(change.run), this.roles);
      } else if (change.kind === 'rows') {
        this.tables.note(change.run, change.table, change.columns);
        const { attempt, entryStep: step, times } = change;
        if (step !== null) {
          of(change.run).steps.push({ attempt, step, time: times[0] ?? arrivedAt });
        }
      } else if (change.kind === 'delete') {
        this.runs.delete(change.run);
        this.histories.delete(change.run);
        this.tables.forget(change.run);
        arrivals.delete(change.run);
      }
    }
    for (const arrival of arrivals.values()) {
      this.histories.delete(arrival.run);
      this.arrivals.push(arrival);
    }
    this.work();
  }

  /** Looks for runs that stalled, and lets go of those that ended. */
  tick(): void {
    const now = this.now();
    for (const [id, watch] of this.runs) {
      const entry = this.book.get(id);
      if (!entry || (entry.record.state !== 'running' && now - entry.record.updatedAt > LINGER_MS)) {
        this.runs.delete(id);
        this.tables.forget(id);
      } else if (entry.record.state === 'running' && !this.book.isSilent(entry)) {
        const { endsSilently, updatedAt } = entry.record;
        // Silence may be the end of such a run: it has stalled when it still lives, and steps no more.
        this.write(watch.takeTime(endsSilently ? updatedAt : now)).catch(this.options.onError);
      }
    }
  }

  /** Arrivals that wait to be judged. */
  get waiting(): number {
    return this.arrivals.length;
  }

  /** Resolves when everything noted so far is judged, and its events are stored. */
  async settled(): Promise<void> {
    await this.working;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    await this.working;
  }

  private work(): void {
    this.working ??= this.drain()
      .catch(this.options.onError)
      .finally(() => {
        this.working = undefined;
        if (this.arrivals.length > 0 && !this.isClosed) {
          this.work();
        }
      });
  }

  private async drain(): Promise<void> {
    let next = this.arrivals.shift();
    while (next && !this.isClosed) {
      await this.take(next);
      next = this.arrivals.shift();
    }
  }

  private async take(arrival: Arrival): Promise<void> {
    const { run, position, points, steps, arrivedAt } = arrival;
    const entry = this.book.get(run);
    const watch = this.runs.get(run);
    if (!entry) {
      return;
    }
    if (!watch) {
      await this.load(entry, arrivedAt);
      return;
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
    await this.write(events);
  }

  /** The first arrival of a run brings in all that is there of it, that arrival included. */
  private async load(entry: RunEntry, arrivedAt: number): Promise<void> {
    const watch = await this.read(entry, arrivedAt, this.tables);
    this.runs.set(entry.record.id, watch.watch);
    await this.write(watch.events);
  }

  /** A run judged from its data, as it is. */
  private async read(
    entry: RunEntry,
    arrivedAt: number,
    tables: EvalTables | undefined,
  ): Promise<{ watch: RunWatch; events: RunEvent[] }> {
    const { settings } = this.options;
    const { watch, evals, events } = await loadRun(this.engine, entry, this.roles, tables, settings, arrivedAt);
    for (const point of evals) {
      events.push(...(await this.judge(watch, entry, point, point.position, tables)));
    }
    return { watch, events };
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
    const { watch } = await this.read(entry, entry.record.updatedAt, undefined);
    if (this.histories.size >= MOST_HISTORIES) {
      this.histories.delete(this.histories.keys().next().value ?? '');
    }
    this.histories.set(id, watch);
    return watch;
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
    const prompts = results?.size ?? configPrompts(entry, task.task);
    const now = { attempt, step, time, value, ...(prompts !== undefined && { prompts }) };
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

  private async write(events: readonly RunEvent[]): Promise<void> {
    if (events.length > 0) {
      await this.options.write([...events]);
    }
  }
}

/** Picks out of logged points those that have a role, and the steps that were reached. */
function pickPoints({ metrics, attempt, steps, times, values }: PointsChange, arrival: Arrival, roles: MetricRoles) {
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
  }
}
