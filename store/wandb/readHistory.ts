import { LIMITS } from '@rolloscope/contract';
import type { MetricsRequest, MetricValue, Series } from '@rolloscope/contract/types';
import type { Asker } from '../Access';
import { sorted } from '../pacing/sorted';
import type { RunEntry } from '../runs/RunEntry';
import type { Reading } from '../services';
import { Turn } from '../Turn';
import type { Allowance } from './Allowance';

/** A choice of lines of a run's history. */
export interface HistoryQuery {
  /** Metrics that are wanted alone, of lines that have all of them; all metrics where it is left out. */
  keys?: readonly string[];
  /** The first step, and the one before which the lines end. */
  minStep?: number;
  maxStep?: number;
  /** Lines, roughly: of more, what each stretch of steps ended with. All of them where it is left out. */
  samples?: number;
  /** Metrics of the machine, which have times and no steps. */
  isSystem?: boolean;
}

type HistoryRow = Record<string, MetricValue>;

/** Fields that W&B has in every line; the store makes them of what it knows. */
const OWN: ReadonlySet<string> = new Set(['_step', '_timestamp', '_runtime']);
/** Metrics that are read at a time. */
const METRICS = 400;

/**
 * Lines of history as W&B's clients read them back: what was logged at one step, by name, with `_step`, `_timestamp` and
 * `_runtime`. Of a run that went back, what counts. Steps are W&B's, which count from 0. What is read is taken from the
 * allowance before.
 */
export async function readHistory(
  reading: Reading,
  entry: RunEntry,
  id: string,
  query: HistoryQuery,
  asker: Asker,
  allowance: Allowance,
): Promise<HistoryRow[]> {
  const asked = query.keys && new Set(query.keys.filter((key) => !OWN.has(key)));
  const names = [...entry.latest]
    .filter(([name, { step }]) =>
      asked === undefined ? (step === null) === (query.isSystem ?? false) : asked.has(name),
    )
    .map(([name]) => name);
  if (asked !== undefined && names.length < asked.size) {
    return [];
  }
  allowance.take(names.length, linesOf(entry, query));
  const rows = new Map<number, HistoryRow>();
  const turn = new Turn(asker.signal);
  for (let i = 0; i < names.length; i += METRICS) {
    const { series } = await reading.metrics(requestOf(id, names.slice(i, i + METRICS), query), asker);
    await turn.all(series, (one) => addSeries(rows, one, query.isSystem ?? false, entry.record.createdAt));
  }
  const ordered = await sorted([...rows], ([a], [b]) => a - b, turn);
  const lines: HistoryRow[] = [];
  await turn.all(ordered, ([, row]) => lines.push(row));
  return query.keys === undefined ? lines : chosen(lines, query.keys, turn);
}

/** Lines that there are at the most. */
function linesOf({ lastStep = -1 }: RunEntry, { minStep = 0, maxStep, samples, isSystem }: HistoryQuery): number {
  const most = samples ?? LIMITS.points;
  const steps = Math.min(maxStep ?? Number.POSITIVE_INFINITY, lastStep + 1) - Math.max(0, minStep);
  return isSystem ? most : Math.max(0, Math.min(most, steps));
}

function requestOf(id: string, metrics: string[], query: HistoryQuery): MetricsRequest {
  const { minStep = 0, maxStep, samples, isSystem } = query;
  const steps = { from: Math.max(0, minStep), ...(maxStep !== undefined && { to: maxStep - 1 }) };
  return {
    runs: [id],
    metrics,
    x: isSystem ? 'time' : 'step',
    ...(!isSystem && { steps }),
    ...(samples === undefined
      ? { reduce: 'none' }
      : { reduce: 'last', maxPoints: Math.min(LIMITS.points, Math.max(4, samples)) }),
  };
}

function addSeries(rows: Map<number, HistoryRow>, series: Series, isSystem: boolean, began: number): void {
  for (const [i, value] of series.value.entries()) {
    const step = series.step[i] ?? null;
    const time = series.time[i] ?? 0;
    const at = isSystem ? time : step;
    if (at === null) {
      continue;
    }
    const row = rows.get(at) ?? {};
    rows.set(at, row);
    Object.defineProperty(row, series.metric, { value, enumerable: true, configurable: true, writable: true });
    if (step !== null) {
      row._step = step;
    }
    row._timestamp = Math.max(time / 1_000, Number(row._timestamp ?? 0));
    row._runtime = Math.max(0, row._timestamp - began / 1_000);
  }
}

async function chosen(rows: readonly HistoryRow[], keys: readonly string[], turn: Turn): Promise<HistoryRow[]> {
  const kept: HistoryRow[] = [];
  await turn.all(rows, (row) => {
    if (keys.every((key) => Object.hasOwn(row, key))) {
      kept.push(Object.fromEntries(keys.map((key) => [key, row[key] as MetricValue])));
    }
  });
  return kept;
}
