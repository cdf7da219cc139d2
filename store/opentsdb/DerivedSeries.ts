import { type AlertKind, RECOVERY_EVENT, type RunGauge } from '@rolloscope/contract';
import type { RunEvent } from '@rolloscope/contract/types';
import type { AlertWatch } from '../alerts/AlertWatch';
import type { Engine } from '../engine/Engine';
import { EVAL_VALUES, type EvalGauge } from '../exposition/evalGauges';
import { infoLabels } from '../exposition/labels';
import { isMuted, RUN_VALUES } from '../exposition/runGauges';
import type { RunBook, RunEntry } from '../runs/RunBook';
import { flagChanges } from './flagChanges';
import { MetricSeries } from './MetricSeries';
import { type Changes, GRID_MS, onGrid } from './onGrid';
import { runTags, type Tags, withoutEmpty } from './runTags';
import { type SourceQuery, type TaggedDots, withinLimits } from './TaggedDots';

/** What is said of a run that has crashed stays for a day. */
const AFTERLIFE_MS = 24 * 3_600_000;
const MOST_EVENTS = 100_000;

/** Flags by the events that raise them. */
const FLAGS: Partial<Record<RunGauge, AlertKind>> = {
  rolloscope_eval_regressed: 'regression',
  rolloscope_eval_below_baseline: 'below_baseline',
  rolloscope_run_stalled: 'stalled',
  rolloscope_run_nan: 'nan',
  rolloscope_run_zero_spread: 'zero_spread',
  rolloscope_run_truncated: 'truncated',
};
const METRIC_READS = {
  rolloscope_metric_value: 'value',
  rolloscope_metric_step: 'step',
  rolloscope_metric_timestamp_seconds: 'time',
} as const;

const isEval = (gauge: RunGauge): gauge is EvalGauge => Object.hasOwn(EVAL_VALUES, gauge);

/** The gauges of `/metrics` over time: each value carried forward on a grid, until now or until the run's end. */
export class DerivedSeries {
  private readonly metrics: MetricSeries;

  constructor(
    private readonly engine: Engine,
    private readonly book: RunBook,
    private readonly watch: AlertWatch,
    private readonly now: () => number = Date.now,
  ) {
    this.metrics = new MetricSeries(engine, book, watch.roles);
  }

  async of(gauge: RunGauge, query: SourceQuery): Promise<TaggedDots[]> {
    const entries = this.entries(query);
    if (Object.hasOwn(METRIC_READS, gauge)) {
      const read = METRIC_READS[gauge as keyof typeof METRIC_READS];
      return this.metrics.of(entries, read, query, (entry) => this.endOf(entry));
    }
    const kind = FLAGS[gauge];
    const events = kind ? await this.eventsOf(entries, kind) : new Map<string, RunEvent[]>();
    const found: TaggedDots[] = [];
    for (const entry of entries) {
      for (const { tags, changes } of await this.changesOf(gauge, entry, events.get(entry.record.id) ?? [])) {
        if (query.fits(tags)) {
          found.push({ tags, dots: onGrid(changes, query.start, query.end) });
        }
      }
    }
    return withinLimits(found.filter(({ dots }) => dots.time.length > 0));
  }

  /** Runs that may have something to say in that time. */
  private entries({ access, start, end }: SourceQuery): RunEntry[] {
    return [...this.book.all()].filter(
      ({ record }) =>
        access.reads(record.project) &&
        !record.archived &&
        record.createdAt <= end &&
        (record.state === 'running' || record.updatedAt + AFTERLIFE_MS >= start),
    );
  }

  /** The last moment at which a run lived. */
  private endOf(entry: RunEntry): number {
    const { record } = entry;
    return this.book.stateOf(entry) === 'running' ? this.now() : (record.finishedAt ?? record.updatedAt);
  }

  /** A flag that goes down with its run, a little later than that one: so that whoever looks at it sees it down. */
  private lowered({ time, value }: { time: number[]; value: number[] }, entry: RunEntry): Changes {
    const until = this.endOf(entry);
    return this.book.stateOf(entry) === 'running'
      ? { time, value, until }
      : { time: [...time, until], value: [...value, 0], until: Math.min(this.now(), until + 2 * GRID_MS) };
  }

  private async changesOf(
    gauge: RunGauge,
    entry: RunEntry,
    events: readonly RunEvent[],
  ): Promise<Array<{ tags: Tags; changes: Changes }>> {
    const { record } = entry;
    const tags = runTags(record);
    const until = this.endOf(entry);
    const afterlife = Math.min(this.now(), until + AFTERLIFE_MS);
    const from = record.createdAt;
    const kind = FLAGS[gauge];
    const quiet = { time: [from], value: [0] };
    if (isEval(gauge)) {
      const { tasks } = await this.watch.history(entry);
      return [...tasks.values()].map(({ task, metric, judgements }) => {
        const own = events.filter(({ values }) => values?.metric === metric);
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
      return infoLabels(record).map((labels) => ({
        tags: withoutEmpty(labels),
        changes: { time: [from], value: [1], until: afterlife },
      }));
    }
    const state = this.book.stateOf(entry);
    if (gauge === 'rolloscope_run_state') {
      return [{ tags: { ...tags, state }, changes: { time: [from], value: [1], until: afterlife } }];
    }
    const read = RUN_VALUES[gauge as keyof typeof RUN_VALUES];
    const value = read({ entry, book: this.book, watch: this.watch.runs.get(record.id) });
    if (gauge === 'rolloscope_run_crashed' && value === 1) {
      return [{ tags, changes: { time: [from, until], value: [0, 1], until: afterlife } }];
    }
    if (gauge === 'rolloscope_run_crashed' || gauge === 'rolloscope_run_muted') {
      return [{ tags, changes: { time: [from], value: [value], until } }];
    }
    // Of these no history is kept: what they are now is said at the newest point of the grid; of a run that has ended
    // too, since an alert about its crash has them in its text.
    const newest = Math.floor(afterlife / GRID_MS) * GRID_MS;
    return [{ tags, changes: { time: [newest], value: [value], until: afterlife } }];
  }

  private async eventsOf(entries: readonly RunEntry[], kind: AlertKind): Promise<Map<string, RunEvent[]>> {
    const runs = entries.map(({ record }) => record.id);
    const events = await this.engine.events({ runs, types: [kind, RECOVERY_EVENT], limit: MOST_EVENTS });
    const byRun = new Map<string, RunEvent[]>();
    for (const event of events) {
      if (event.type === kind || event.values?.kind === kind) {
        const known = byRun.get(event.run) ?? [];
        known.push(event);
        byRun.set(event.run, known);
      }
    }
    return byRun;
  }
}
