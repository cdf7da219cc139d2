import { setImmediate } from 'node:timers/promises';
import { fitsGlob, RUN_GAUGES, type RunGauge, STORE_GAUGES } from '@rolloscope/contract';
import type { Access } from '../Access';
import type { AlertWatch } from '../alerts/AlertWatch';
import { chooseExposed, type ExposePatterns, isLive } from '../exposition/chooseExposed';
import { EVAL_FLAGS, EVAL_VALUES } from '../exposition/evalGauges';
import { infoLabels, runLabels } from '../exposition/labels';
import { isMuted, RUN_VALUES } from '../exposition/runGauges';
import type { RunBook, RunEntry } from '../runs/RunBook';
import { headText, labelText, numberText } from './textFormat';

/** Runs that are collected, and lines that are written, before other requests get a turn. */
const TURN_RUNS = 25;
const TURN_LINES = 2_000;

/** A series of a run: its labels as text, and its value. */
interface Line {
  labels: string;
  value: number;
}

/** A metric of a run, of which three gauges are made. */
interface MetricLine {
  labels: string;
  value: number;
  step: number | null;
  time: number;
}

interface Collected {
  lines: Map<RunGauge, Line[]>;
  metrics: MetricLine[];
  dropped: number;
}

const PER_METRIC = {
  rolloscope_metric_value: ({ value }: MetricLine) => value,
  rolloscope_metric_step: ({ step }: MetricLine) => step,
  rolloscope_metric_timestamp_seconds: ({ time }: MetricLine) => time / 1_000,
} as const;

/** What `/metrics` says of runs. */
export class RunExposition {
  /** `limit`: series of one answer at the most. */
  constructor(
    private readonly book: RunBook,
    private readonly watch: AlertWatch,
    private readonly limit: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** The text, in pieces; between them other work gets its turn. */
  async *text(access: Access, patterns: ExposePatterns): AsyncGenerator<string> {
    const { lines, metrics, dropped } = await this.collect(access, patterns);
    for (const name of Object.keys(RUN_GAUGES) as RunGauge[]) {
      const read = PER_METRIC[name as keyof typeof PER_METRIC];
      const written = read
        ? pieces(metrics, (line) => ({ labels: line.labels, value: read(line) }), name)
        : pieces(lines.get(name) ?? [], (line) => line, name);
      for (const piece of written) {
        yield piece;
        await setImmediate();
      }
    }
    const visible = [...this.book.all()].filter(({ record }) => access.reads(record.project));
    for (const [name, value] of Object.entries({
      rolloscope_exposition_dropped_series: dropped,
      rolloscope_exposition_series_limit: this.limit,
      rolloscope_store_runs: visible.length,
      rolloscope_store_live_runs: visible.filter(({ record }) => record.state === 'running').length,
    } satisfies Partial<Record<keyof typeof STORE_GAUGES, number>>)) {
      yield `${headText(name, STORE_GAUGES[name as keyof typeof STORE_GAUGES])}${name} ${value}\n`;
    }
  }

  /** Everything as of one moment. What is said of runs comes before their metrics, should the cap cut. */
  private async collect(access: Access, { runs, metrics: globs }: ExposePatterns): Promise<Collected> {
    const now = this.now();
    const entries = chooseExposed(this.book, access, runs, now);
    const collected: Collected = { lines: new Map(), metrics: [], dropped: 0 };
    let room = this.limit;
    for (const [i, entry] of entries.entries()) {
      const lines = this.linesOf(entry, now);
      room -= lines.length;
      if (room < 0) {
        collected.dropped += lines.length;
        room += lines.length;
        continue;
      }
      for (const [name, line] of lines) {
        const known = collected.lines.get(name) ?? [];
        known.push(line);
        collected.lines.set(name, known);
      }
      if (i % TURN_RUNS === TURN_RUNS - 1) {
        await setImmediate();
      }
    }
    const fits = memoized((metric: string) => globs.some((glob) => fitsGlob(metric, glob)));
    for (const [i, entry] of entries.entries()) {
      if (isLive(entry, now)) {
        room = this.collectMetrics(entry, fits, collected, room);
      }
      if (i % TURN_RUNS === TURN_RUNS - 1) {
        await setImmediate();
      }
    }
    return collected;
  }

  private collectMetrics(entry: RunEntry, fits: (metric: string) => boolean, to: Collected, room: number): number {
    const ofRun = labelText(runLabels(entry.record)).slice(0, -1);
    let left = room;
    for (const [metric, { value, step, time }] of entry.latest) {
      if (!fits(metric)) {
        continue;
      }
      const series = step === null ? 2 : 3;
      if (left < series) {
        to.dropped += series;
        continue;
      }
      left -= series;
      const task = this.watch.roles.of(metric)?.eval?.task ?? '';
      to.metrics.push({ labels: `${ofRun},${labelText({ metric, task }).slice(1)}`, value, step, time });
    }
    return left;
  }

  /** What is said of a run: its state, its flags and its evals. */
  private linesOf(entry: RunEntry, now: number): Array<[RunGauge, Line]> {
    const { record } = entry;
    const watch = this.watch.runs.get(record.id);
    const labels = runLabels(record);
    const state = this.book.stateOf(entry);
    const lines: Array<[RunGauge, Line]> = [
      ...infoLabels(record).map((info): [RunGauge, Line] => [
        'rolloscope_run_info',
        { labels: labelText(info), value: 1 },
      ]),
      ['rolloscope_run_state', { labels: labelText({ ...labels, state }), value: 1 }],
    ];
    const own = labelText(labels);
    for (const [name, read] of Object.entries(RUN_VALUES)) {
      const value = read({ entry, book: this.book, watch });
      if (value !== undefined) {
        lines.push([name as RunGauge, { labels: own, value }]);
      }
    }
    const isSilenced = state !== 'running' || isMuted(entry);
    for (const task of isLive(entry, now) ? (watch?.tasks.values() ?? []) : []) {
      const ofTask = labelText({ ...labels, metric: task.metric, task: task.task });
      const judgement = task.judgements.at(-1);
      for (const [name, read] of Object.entries(EVAL_VALUES)) {
        const value = judgement && read(judgement);
        if (value !== undefined) {
          lines.push([
            name as RunGauge,
            { labels: ofTask, value: isSilenced && EVAL_FLAGS.includes(name) ? 0 : value },
          ]);
        }
      }
    }
    return lines;
  }
}

/** The lines of one gauge, some at a time, under its head. Without any it has no head either. */
function* pieces<T>(all: readonly T[], lineOf: (one: T) => { labels: string; value: number | null }, name: RunGauge) {
  let text = '';
  let lines = 0;
  for (const one of all) {
    const { labels, value } = lineOf(one);
    if (value === null) {
      continue;
    }
    if (lines === 0) {
      text = headText(name, RUN_GAUGES[name].help);
    }
    text += `${name}${labels} ${numberText(value)}\n`;
    lines++;
    if (lines % TURN_LINES === 0) {
      yield text;
      text = '';
    }
  }
  if (text !== '') {
    yield text;
  }
}

function memoized(test: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    const found = known.get(text) ?? test(text);
    known.set(text, found);
    return found;
  };
}
