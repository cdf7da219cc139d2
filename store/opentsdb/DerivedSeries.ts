import { type AlertKind, RECOVERY_EVENT, type RunGauge } from '@rolloscope/contract';
import type { RunEvent } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import type { AlertWatch } from '../alerts/AlertWatch';
import type { Engine } from '../engine/Engine';
import { EVAL_VALUES, type EvalGauge } from '../exposition/evalGauges';
import { infoLabels } from '../exposition/labels';
import { isMuted, RUN_VALUES, stateOf } from '../exposition/runGauges';
import type { RunBook, RunEntry } from '../runs/RunBook';
import type { Dots } from './aggregators';
import { flagChanges } from './flagChanges';
import { OpenTsdbError } from './OpenTsdbError';
import { type Changes, GRID_MS, onGrid } from './onGrid';
import { runTags, type Tags, withoutEmpty } from './runTags';

export interface TaggedDots {
  tags: Tags;
  dots: Dots;
}

/** What is asked of a series source. */
export interface SourceQuery {
  /** Whether a series with these tags is wanted. */
  fits(tags: Tags): boolean;
  start: number;
  end: number;
  access: Access;
}

/** What is said of a run that has crashed stays for a day. */
const AFTERLIFE_MS = 24 * 3_600_000;
const MOST_EVENTS = 100_000;
export const MOST_SERIES = 1_000;
export const MOST_POINTS = 2_000_000;

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
  constructor(
    private readonly engine: Engine,
    private readonly book: RunBook,
    private readonly watch: AlertWatch,
    private readonly now: () => number = Date.now,
  ) {}

  async of(gauge: RunGauge, query: SourceQuery): Promise<TaggedDots[]> {
    const entries = this.entries(query);
    if (Object.hasOwn(METRIC_READS, gauge)) {
      return this.ofMetrics(entries, METRIC_READS[gauge as keyof typeof METRIC_READS], query);
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
    return stateOf(entry, this.book) === 'running' ? this.now() : (record.finishedAt ?? record.updatedAt);
  }

  /** A flag that goes down with its run, a little later than that one: so that whoever looks at it sees it down. */
  private lowered({ time, value }: { time: number[]; value: number[] }, entry: RunEntry): Changes {
    const until = this.endOf(entry);
    return stateOf(entry, this.book) === 'running'
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
    const state = stateOf(entry, this.book);
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

  /** Values of metrics as they were logged, each held until the next. */
  private async ofMetrics(
    entries: readonly RunEntry[],
    read: 'value' | 'step' | 'time',
    query: SourceQuery,
  ): Promise<TaggedDots[]> {
    const wanted = new Map<string, Array<{ entry: RunEntry; tags: Tags }>>();
    let series = 0;
    for (const entry of entries) {
      const tags = runTags(entry.record);
      for (const metric of entry.latest.keys()) {
        const task = this.watch.roles.of(metric)?.eval?.task ?? '';
        const own = withoutEmpty({ ...tags, metric, task });
        if (query.fits(own)) {
          wanted.set(metric, [...(wanted.get(metric) ?? []), { entry, tags: own }]);
          series++;
        }
      }
      if (series > MOST_SERIES) {
        throw tooMuch(`more than ${MOST_SERIES} series`);
      }
    }
    const found: TaggedDots[] = [];
    for (const [metric, ones] of wanted) {
      const common = {
        scopes: ones.map(({ entry }) => this.book.scope(entry)),
        metric,
        position: this.engine.position,
        read,
        limit: MOST_POINTS,
      };
      const last = { aggregate: 'last' as const };
      const [earlier, inside] = await Promise.all([
        this.engine.timeSeries({
          ...common,
          times: { to: query.start },
          bucket: { ...last, width: Number.POSITIVE_INFINITY },
        }),
        this.engine.timeSeries({
          ...common,
          times: { from: query.start + 1, to: query.end },
          bucket: { ...last, width: GRID_MS },
        }),
      ]);
      for (const { entry, tags } of ones) {
        const ofRun = (all: typeof inside) => all.find(({ run }) => run === entry.record.id);
        const held = ofRun(earlier);
        const new_ = ofRun(inside);
        // A bucket's last value is known at the bucket's end.
        const time = [...(held ? [query.start] : []), ...(new_?.time ?? []).map((at) => at + GRID_MS)];
        const value = [...(held?.value ?? []), ...(new_?.value ?? [])].map((one) =>
          read === 'time' ? one / 1_000 : one,
        );
        const dots = onGrid({ time, value, until: this.endOf(entry) }, query.start, query.end);
        if (dots.time.length > 0) {
          found.push({ tags, dots });
        }
      }
    }
    return withinLimits(found);
  }
}

/** Refuses what would take too long to read, and to draw. */
export function withinLimits(found: TaggedDots[]): TaggedDots[] {
  const points = found.reduce((sum, { dots }) => sum + dots.time.length, 0);
  if (found.length > MOST_SERIES) {
    throw tooMuch(`${found.length} series; the limit is ${MOST_SERIES}`);
  }
  if (points > MOST_POINTS) {
    throw tooMuch(`${points} points; the limit is ${MOST_POINTS}`);
  }
  return found;
}

export const tooMuch = (what: string) =>
  new OpenTsdbError(413, `The query asks for ${what}. Narrow it by tags, choose a shorter time, or downsample.`);
