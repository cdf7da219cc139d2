import { ALERT_KINDS, type AlertKind, RECOVERY_EVENT, type RunGauge } from '@rolloscope/contract';
import type { AlertWatch } from '../alerts/AlertWatch';
import type { Audience } from '../alerts/Audience';
import { openedBy } from '../alerts/OpenAlerts';
import type { Engine } from '../engine/Engine';
import type { EventMark } from '../engine/EngineReads';
import type { ReadOptions } from '../engine/ReadOptions';
import { alertLabels, crashOf, QUIET_ALERTS } from '../exposition/alertLabels';
import { EVAL_VALUES, type EvalGauge } from '../exposition/evalGauges';
import { infoLabels } from '../exposition/labels';
import { isMuted, RUN_VALUES } from '../exposition/runGauges';
import { grouped } from '../grouped';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';
import type { SeenRuns } from '../runs/SeenRuns';
import { flagChanges } from './flagChanges';
import { type Changes, GRID_MS } from './held';
import { heldSeries } from './heldSeries';
import { MetricSeries } from './MetricSeries';
import { tooMuch } from './RequestCost';
import { runTags, type Tags, withoutEmpty } from './runTags';
import type { SourceQuery, TaggedSeries } from './series';

/** What is said of a run that has crashed stays for a day. */
const AFTERLIFE_MS = 24 * 3_600_000;
/** An alert that has ended is told as 0 for so long: whoever looks at it every minute sees that it ended. */
const TOLD_ENDED_MS = 10 * 60_000;
/** Runs whose events are read together, and events of them at the most. */
const BATCH = 200;
const MOST_EVENTS = 50_000;

/** Flags by the events that raise them. */
const FLAGS: Partial<Record<RunGauge, AlertKind>> = {
  rolloscope_eval_regressed: 'regression',
  rolloscope_eval_below_baseline: 'below_baseline',
  rolloscope_run_stalled: 'stalled',
  rolloscope_run_nan: 'nan',
  rolloscope_run_zero_spread: 'zero_spread',
  rolloscope_run_truncated: 'truncated',
  rolloscope_run_stale: 'stale',
};
const METRIC_READS = {
  rolloscope_metric_value: 'value',
  rolloscope_metric_step: 'step',
  rolloscope_metric_timestamp_seconds: 'time',
} as const;

const isMetric = (gauge: RunGauge): gauge is keyof typeof METRIC_READS => Object.hasOwn(METRIC_READS, gauge);
const isEval = (gauge: RunGauge): gauge is EvalGauge => Object.hasOwn(EVAL_VALUES, gauge);

interface TaggedChanges {
  tags: Tags;
  changes: Changes;
}

/** The gauges of `/metrics` over time: each value carried forward on a grid, until now or until the run's end. */
export class DerivedSeries {
  private readonly metrics: MetricSeries;

  constructor(
    private readonly engine: Engine,
    private readonly runIndex: RunIndex,
    private readonly watch: AlertWatch,
    private readonly audience: Audience,
    private readonly now: () => number = Date.now,
  ) {
    this.metrics = new MetricSeries(engine, runIndex, watch.roles);
  }

  /** Throws an `OpenTsdbError` where that is too much. */
  async of(gauge: RunGauge, query: SourceQuery): Promise<TaggedSeries[]> {
    if (isMetric(gauge)) {
      const entries = await this.entries(query);
      return this.metrics.of(entries, METRIC_READS[gauge], query, (entry) => this.endOf(entry));
    }
    const found: TaggedSeries[] = [];
    for await (const { tags, changes } of this.held(gauge, query)) {
      query.cost.take('series', 1);
      found.push(...heldSeries(tags, changes, query));
    }
    return found;
  }

  /** The tags of those that fit, one after another. */
  async *tagsOf(gauge: RunGauge, query: SourceQuery): AsyncGenerator<Tags> {
    const all = isMetric(gauge) ? this.metrics.wanted(await this.entries(query), query) : this.held(gauge, query);
    for await (const { tags } of all) {
      yield tags;
    }
  }

  private async *held(gauge: RunGauge, query: SourceQuery): AsyncGenerator<TaggedChanges> {
    const { turn } = query;
    const seen = this.runIndex.seenBy(query.asker);
    const entries = (await this.entries(query)).filter((entry) => !isEval(gauge) || this.hasEvals(entry));
    const kind = FLAGS[gauge];
    const isAlert = gauge === 'rolloscope_alert';
    yield* isAlert ? this.quiet(query) : [];
    for (let i = 0; i < entries.length; i += BATCH) {
      const batch = entries.slice(i, i + BATCH);
      const kinds = isAlert ? ALERT_KINDS : kind ? [kind] : [];
      const events = kinds.length > 0 ? await this.eventsOf(batch, kinds, query.asker) : undefined;
      for (const entry of batch) {
        for (const one of await this.changesOf(gauge, entry, seen, events?.get(entry.record.id) ?? [], query.asker)) {
          if (query.fits(one.tags)) {
            yield one;
          }
        }
        if (turn.isOver) {
          await turn.next();
        }
      }
    }
  }

  /** That nothing is open is said all the time, so that there is an answer as long as there is a store. */
  private quiet({ start, fits }: SourceQuery): TaggedChanges[] {
    const changes = { time: [start], value: [0], until: this.now() };
    return QUIET_ALERTS.filter(fits).map((tags) => ({ tags, changes }));
  }

  /** Each alert from when it opened until it closed, and as 0 a little longer. */
  private alertsOf(entry: RunEntry, seen: SeenRuns, events: readonly EventMark[]): TaggedChanges[] {
    const since = this.audience.look(this.now());
    if (isMuted(entry)) {
      return [];
    }
    const until = this.endOf(entry);
    const hasEnded = this.runIndex.stateOf(entry) !== 'running';
    const closed = new Map(
      events.flatMap(({ values, time }) => (values.closes ? [[values.closes, time] as const] : [])),
    );
    const told = events.flatMap((mark) => {
      const kind = ALERT_KINDS.find((one) => one === mark.type);
      const end = closed.get(mark.id) ?? (hasEnded ? until : undefined);
      return kind ? [{ alert: openedBy(kind, mark), end }] : [];
    });
    const crash = crashOf(entry, this.runIndex);
    return [...told, ...(crash && crash.time >= since ? [{ alert: crash, end: undefined }] : [])].map(
      ({ alert, end }): TaggedChanges => ({
        tags: withoutEmpty(alertLabels(seen, entry, alert)),
        changes:
          end === undefined
            ? { time: [alert.time], value: [1], until: alert.kind === 'crashed' ? this.afterlife(entry) : until }
            : { time: [alert.time, end], value: [1, 0], until: Math.min(this.now(), end + TOLD_ENDED_MS) },
      }),
    );
  }

  private afterlife(entry: RunEntry): number {
    return Math.min(this.now(), this.endOf(entry) + AFTERLIFE_MS);
  }

  /** Runs that may have something to say in that time, and whose own tags fit. */
  private async entries({ asker, start, end, fitsRun, turn }: SourceQuery): Promise<RunEntry[]> {
    const seen = this.runIndex.seenBy(asker);
    const found: RunEntry[] = [];
    for (const entry of this.runIndex.all()) {
      const { record } = entry;
      const isThere =
        asker.reads(record.project) &&
        !record.archived &&
        record.createdAt <= end &&
        (record.state === 'running' || record.updatedAt + AFTERLIFE_MS >= start);
      if (isThere && fitsRun(runTags(seen, entry))) {
        found.push(entry);
      }
      if (turn.isOver) {
        await turn.next();
      }
    }
    return found;
  }

  private hasEvals({ latest }: RunEntry): boolean {
    for (const metric of latest.keys()) {
      if (this.watch.roles.of(metric)?.eval) {
        return true;
      }
    }
    return false;
  }

  /** The last moment at which a run lived. */
  private endOf(entry: RunEntry): number {
    const { record } = entry;
    return this.runIndex.stateOf(entry) === 'running' ? this.now() : (record.finishedAt ?? record.updatedAt);
  }

  /** A flag that goes down with its run, a little later than that one: so that whoever looks at it sees it down. */
  private lowered({ time, value }: { time: number[]; value: number[] }, entry: RunEntry): Changes {
    const until = this.endOf(entry);
    return this.runIndex.stateOf(entry) === 'running'
      ? { time, value, until }
      : { time: [...time, until], value: [...value, 0], until: Math.min(this.now(), until + 2 * GRID_MS) };
  }

  private async changesOf(
    gauge: RunGauge,
    entry: RunEntry,
    seen: SeenRuns,
    events: readonly EventMark[],
    asker: ReadOptions,
  ): Promise<TaggedChanges[]> {
    const { record } = entry;
    const tags = runTags(seen, entry);
    const until = this.endOf(entry);
    const afterlife = this.afterlife(entry);
    const from = record.createdAt;
    const kind = FLAGS[gauge];
    if (gauge === 'rolloscope_alert') {
      return this.alertsOf(entry, seen, events);
    }
    const quiet = { time: [from], value: [0] };
    if (isEval(gauge)) {
      const { tasks } = await this.watch.history(entry, asker);
      const byMetric = grouped(events, ({ values }) => values.metric);
      return [...tasks.values()].map(({ task, metric, judgements }) => {
        const own = byMetric.get(metric) ?? [];
        const first = judgements[0]?.eval.time ?? from;
        const flag = isMuted(entry) ? { time: [first], value: [0] } : kind && flagChanges(own, kind, first);
        const ended = flag && this.lowered(flag, entry);
        const values = { time: judgements.map((one) => one.eval.time), value: judgements.map(EVAL_VALUES[gauge]) };
        return { tags: { ...tags, metric, task }, changes: (kind && ended) || { ...values, until } };
      });
    }
    if (kind) {
      return [{ tags, changes: this.lowered(isMuted(entry) ? quiet : flagChanges(events, kind, from), entry) }];
    }
    if (gauge === 'rolloscope_run_info') {
      return infoLabels(seen, entry).map((labels) => ({
        tags: withoutEmpty(labels),
        changes: { time: [from], value: [1], until: afterlife },
      }));
    }
    const state = this.runIndex.stateOf(entry);
    if (gauge === 'rolloscope_run_state') {
      return [{ tags: { ...tags, state }, changes: { time: [from], value: [1], until: afterlife } }];
    }
    const read = RUN_VALUES[gauge as keyof typeof RUN_VALUES];
    const value = read({ entry, runIndex: this.runIndex, watch: this.watch.runs.get(record.id) });
    if (gauge === 'rolloscope_run_crashed' && value === 1) {
      return [{ tags, changes: { time: [from, until], value: [0, 1], until: afterlife } }];
    }
    if (gauge === 'rolloscope_run_crashed' || gauge === 'rolloscope_run_muted') {
      return [{ tags, changes: { time: [from], value: [value], until } }];
    }
    // They have no history: what they are now is said at the newest point of the grid; for a run that has ended
    // too, since an alert about its crash has them in its text.
    const newest = Math.floor(afterlife / GRID_MS) * GRID_MS;
    return [{ tags, changes: { time: [newest], value: [value], until: afterlife } }];
  }

  private async eventsOf(
    entries: readonly RunEntry[],
    kinds: readonly AlertKind[],
    asker: ReadOptions,
  ): Promise<Map<string, EventMark[]>> {
    const runs = entries.map(({ record }) => record.id);
    const types = [...kinds, RECOVERY_EVENT];
    const events = await this.engine.readsFor(asker).eventMarks({ runs, types, limit: MOST_EVENTS + 1 });
    if (events.length > MOST_EVENTS) {
      throw tooMuch(`more than ${MOST_EVENTS} events of ${runs.length} runs`);
    }
    const isOf = (kind: string | undefined) => kinds.some((one) => one === kind);
    const own = events.filter(({ type, values }) => isOf(type) || isOf(values.kind));
    return grouped(own, ({ run }) => run);
  }
}
