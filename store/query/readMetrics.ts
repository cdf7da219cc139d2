import { LIMITS } from '@rolloscope/contract';
import type { MetricsAnswer, MetricsRequest, Missing, Series } from '@rolloscope/contract/types';
import type { EngineReads, RunScope, SeriesData, SeriesQuery } from '../engine/EngineReads';
import type { RunEntry } from '../runs/RunEntry';
import { jsonNumber } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import { Turn } from '../Turn';
import { readAsOf, readSince, writeAsOf } from './asOf';
import { chooseEvals } from './chooseEvals';
import { chooseNames, metricsOf } from './chooseNames';
import { chooseRuns } from './chooseRuns';
import { didYouMean } from './nearestName';
import type { ReadContext } from './ReadContext';

const DEFAULT_POINTS = 1_000;

export async function readMetrics({ engine, seen }: ReadContext, request: MetricsRequest): Promise<MetricsAnswer> {
  const position = await readAsOf(engine, request.asOf);
  const { entries, missing: missingRuns } = await chooseRuns(seen, request.runs);
  const asOf = writeAsOf(engine, position);
  const since = request.since === undefined ? undefined : await readSince(engine, seen, entries, request.since);
  if (request.since !== undefined && since === undefined) {
    return { series: [], reset: true, asOf };
  }
  const known = await metricsOf(entries, seen.signal);
  const { names: fitting, missing: missingMetrics } = await chooseNames(known, request.metrics, seen.asker);
  if (fitting.length === 0) {
    const asked = missingMetrics.slice(0, 5).map((name) => JSON.stringify(name));
    const near = didYouMean(missingMetrics[0] ?? '', known);
    throw new StoreError('metric_not_found', `The selected runs have no metric ${asked.join(', ')}${near}`);
  }
  const groupOf = (entry: RunEntry) => entry.record.group ?? seen.idOf(entry);
  const ownerOf = (entry: RunEntry) => (request.groupBy ? groupOf(entry) : seen.idOf(entry));
  const { names, isGiven } = await chooseEvals(entries, fitting, request.metrics, ownerOf, seen.asker);
  // Pairs beyond the cap are left out before they are read; runs come in the order asked for.
  const isPair = (entry: RunEntry, name: string) => entry.latest.has(name) && isGiven(ownerOf(entry), name);
  const { chosen, metrics: kept } = await choosePairs(entries, names, isPair, seen.signal);
  const truncated = chosen.length < entries.length || kept.length < names.length;
  const runs = chosen.map((entry) => seen.toBrief(entry));

  const byMetric = typeof request.x === 'object' ? request.x.metric : undefined;
  if (
    since !== undefined &&
    position > since &&
    (byMetric !== undefined || (request.groupBy && request.x === 'time'))
  ) {
    // A value that comes late can move points that were sent long ago.
    return { series: [], reset: true, asOf };
  }
  const query: SeriesQuery = {
    scopes: chosen.map((entry) => (request.attempts === 'all' ? wholeOf(seen.scope(entry)) : seen.scope(entry))),
    metrics: kept,
    ...(byMetric !== undefined && { at: byMetric }),
    x: request.x === 'time' ? 'time' : 'step',
    ...(request.steps && { steps: request.steps }),
    ...(request.times && { times: request.times }),
    maxPoints: request.maxPoints ?? DEFAULT_POINTS,
    reduce: request.reduce ?? 'extremes',
    everyAttempt: request.attempts === 'all',
    ...(request.groupBy && {
      groups: new Map(chosen.map((entry) => [entry.record.id, groupOf(entry)])),
    }),
    position,
    ...(since !== undefined && { since }),
  };
  if (query.reduce === 'none') {
    query.maxPoints = LIMITS.points;
  }
  const { series, reset } = await engine.series(query);
  const capped = query.reduce === 'none' && series.some(({ step }) => step.length > LIMITS.points);
  const given = series.filter(({ run, group, metric }) => isGiven(group ?? run, metric));
  const joined = byMetric === undefined ? given : await joinMetric(engine, query, given, byMetric);
  const missing: Missing = {
    ...(missingRuns.length > 0 && { runs: missingRuns }),
    ...(missingMetrics.length > 0 && { metrics: missingMetrics }),
  };
  return {
    series: inOrder(joined, query.scopes, kept).map((one) => toSeries(one)),
    runs,
    ...(Object.keys(missing).length > 0 && { missing }),
    ...((truncated || capped) && { truncated: true }),
    ...(reset && { reset: true }),
    asOf,
  };
}

/** Runs whose metrics fit into one answer, and these: of a first run that has more, as many as fit. */
async function choosePairs(
  entries: readonly RunEntry[],
  names: readonly string[],
  isPair: (entry: RunEntry, name: string) => boolean,
  signal: AbortSignal | undefined,
) {
  const chosen: RunEntry[] = [];
  const metrics = new Set<string>();
  const turn = new Turn(signal);
  let pairs = 0;
  for (const entry of entries) {
    const own: string[] = [];
    await turn.all(names, (name) => {
      if (isPair(entry, name)) {
        own.push(name);
      }
    });
    if (pairs + own.length <= LIMITS.series || chosen.length === 0) {
      chosen.push(entry);
      pairs += own.length;
      for (const name of own.slice(0, LIMITS.series)) {
        metrics.add(name);
      }
    }
  }
  return { chosen, metrics: names.filter((name) => metrics.has(name)) };
}

/** Returns a scope of superseded points, too. */
const wholeOf = ({ effective: _, ...scope }: RunScope): RunScope => scope;

/** Runs in the order asked for, metrics within. */
function inOrder(series: Joined[], scopes: readonly RunScope[], names: string[]): Joined[] {
  const runs = new Map(scopes.map(({ run, as = run }, i) => [as, i]));
  const metrics = new Map(names.map((name, i) => [name, i]));
  const at = (one: Joined) => [runs.get(one.run) ?? 0, metrics.get(one.metric) ?? 0, one.attempt ?? 0];
  return series.toSorted((a, b) => {
    const [left, right] = [at(a), at(b)];
    const first = left.findIndex((value, i) => value !== right[i]);
    return first < 0 ? 0 : (left[first] ?? 0) - (right[first] ?? 0);
  });
}

interface Joined extends SeriesData {
  x?: number[];
}

/** Gives every point the value that another metric has at its step; points without one are left out. */
async function joinMetric(
  engine: EngineReads,
  query: SeriesQuery,
  series: SeriesData[],
  metric: string,
): Promise<Joined[]> {
  const whole = await engine.series({ ...query, metrics: [metric], reduce: 'none' });
  return series.map((one) => {
    const other = whole.series.find(
      ({ run, group, attempt }) => run === one.run && group === one.group && attempt === one.attempt,
    );
    const at = new Map(other?.step.map((step, i) => [step, other.value[i] ?? Number.NaN]));
    const kept = one.step.flatMap((step, i) => (at.has(step) ? [i] : []));
    const pick = <T>(values: T[]) => kept.map((i) => values[i] as T);
    return {
      ...one,
      step: pick(one.step),
      time: pick(one.time),
      value: pick(one.value),
      ...(one.spread && { spread: pick(one.spread) }),
      x: kept.map((i) => at.get(one.step[i] ?? null) ?? Number.NaN),
    };
  });
}

function toSeries(one: Joined): Series {
  const limit = <T>(values: T[]) => (values.length > LIMITS.points ? values.slice(0, LIMITS.points) : values);
  const { x, spread, ...rest } = one;
  return {
    ...rest,
    step: limit(rest.step),
    time: limit(rest.time),
    value: limit(rest.value).map(jsonNumber),
    ...(x && { x: limit(x).map(jsonNumber) }),
    ...(spread && { spread: limit(spread) }),
  };
}
