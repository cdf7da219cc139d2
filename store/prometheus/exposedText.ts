import { RUN_GAUGES, type RunGauge, STORE_GAUGES } from '@rolloscope/contract';
import { Turn } from '../Turn';
import type { Exposed, MetricLine } from './collectExposed';
import { headText, numberText } from './textFormat';

/** Lines of one piece. */
const PIECE_LINES = 500;

const PER_METRIC = {
  rolloscope_metric_value: ({ value }: MetricLine) => value,
  rolloscope_metric_step: ({ step }: MetricLine) => step,
  rolloscope_metric_timestamp_seconds: ({ time }: MetricLine) => time / 1_000,
} as const;

/** Writes what `/metrics` says, in pieces; between them other work gets its turn. `limit`: that of its series. */
export async function* exposedText(exposed: Exposed, limit: number, signal?: AbortSignal): AsyncGenerator<string> {
  const turn = new Turn(signal);
  for (const name of Object.keys(RUN_GAUGES) as RunGauge[]) {
    const read = PER_METRIC[name as keyof typeof PER_METRIC];
    const written = read
      ? pieces(exposed.metrics, (line) => ({ labels: line.labels, value: read(line) }), name)
      : pieces(exposed.lines.get(name) ?? [], (line) => line, name);
    for (const piece of written) {
      yield piece;
      if (turn.isOver) {
        await turn.next();
      }
    }
  }
  for (const [name, value] of Object.entries({
    rolloscope_exposition_dropped_series: exposed.dropped,
    rolloscope_exposition_series_limit: limit,
    rolloscope_store_runs: exposed.runs,
    rolloscope_store_live_runs: exposed.liveRuns,
  } satisfies Partial<Record<keyof typeof STORE_GAUGES, number>>)) {
    yield `${headText(name, STORE_GAUGES[name as keyof typeof STORE_GAUGES])}${name} ${value}\n`;
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
    if (lines % PIECE_LINES === 0) {
      yield text;
      text = '';
    }
  }
  if (text !== '') {
    yield text;
  }
}
