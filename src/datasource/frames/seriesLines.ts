import type { DataLink, Field } from '@grafana/data';
import { type OddPoints, oddPoints } from '@rolloscope/contract/oddPoints';
import { smooth } from '@rolloscope/contract/smooth';
import type { MetricsAnswer, RunBrief, Series } from '@rolloscope/contract/types';
import { jobOfRun } from '../chosenAs';
import type { MetricsQuery } from '../query';
import { markedSteps, placeOfStep } from './markedSteps';
import { unitConfig } from './metricUnit';
import { seriesNames } from './seriesName';
import {
  BASELINE_COLOR,
  colorOf,
  edgeConfig,
  faintConfig,
  type LineRole,
  lineConfig,
  markConfig,
  metricColors,
  oddConfig,
  runColor,
} from './seriesStyle';

/** The facts that the frames need beside the answer. */
export interface MetricsContext {
  query: MetricsQuery;
  /** The runs of the answer, by their ids; a run may be missing. */
  runs: ReadonlyMap<string, RunBrief>;
  /** The links that every point has. */
  links?: readonly DataLink[] | undefined;
  /** True when the panel would show an axis of numbers as a figure. */
  takesFigures?: boolean | undefined;
  /** True when no point lies in the dashboard's time range, so that those outside it are shown. */
  isOutside?: boolean;
  /** The weight of an exponential average, above 0 and below 1. */
  smoothing?: number | undefined;
  /** Means of the buckets, where the answer was reduced; a smoothed line is made of them. */
  means?: MetricsAnswer | undefined;
}

/** The places of the points of some lines. */
export interface Places {
  x: (number | null)[];
  step: (number | null)[];
  time: number[];
}

/** One field of numbers, at the places that it shares with the lines beside it. */
export interface SeriesLine {
  places: Places;
  /** Null where the line breaks. */
  values: (number | null)[];
  field: Omit<Field, 'values'>;
  /** Marks where another line breaks; such lines come behind all others. */
  isOdd?: true;
}

const toNumber = (value: number | string) => (typeof value === 'number' ? value : Number(value));

/** The x that the query asks for: steps, times, seconds since the run's start, or another metric's values. */
function xOf(one: Series, { query, runs }: MetricsContext): (number | null)[] {
  switch (query.x.by) {
    case 'auto':
    case 'step':
      return one.step;
    case 'time':
      return one.time;
    case 'metric':
      return (one.x ?? []).map(toNumber);
    case 'elapsed': {
      // A run that was imported is younger than its points.
      const start = Math.min(runs.get(one.run)?.createdAt ?? Number.POSITIVE_INFINITY, one.time[0] ?? 0);
      return one.time.map((time) => (time - start) / 1_000);
    }
  }
}

const placesOf = (one: Series, context: MetricsContext): Places => ({
  x: xOf(one, context),
  step: one.step,
  time: one.time,
});

/**
 * The lines of each series: its own, the raw one beneath a smoothed one, the band of a group, the marks. Last the marks of
 * what is not finite, for each series that has any.
 */
export function seriesLines(answer: MetricsAnswer, context: MetricsContext): SeriesLine[][] {
  const all = linesOf(answer, context);
  const odd = all.map((lines) => lines.filter(({ isOdd }) => isOdd)).filter(({ length }) => length > 0);
  return [...all.map((lines) => lines.filter(({ isOdd }) => !isOdd)), ...odd];
}

function linesOf(answer: MetricsAnswer, context: MetricsContext): SeriesLine[][] {
  const { query, runs, means, smoothing, links } = context;
  const all = answer.series;
  const names = seriesNames(all, runs, query.legend);
  const manyMetrics = new Set(all.map(({ metric }) => metric)).size > 1;
  const newest = new Map<string, number>();
  for (const { run, attempt = 1 } of all) {
    newest.set(run, Math.max(attempt, newest.get(run) ?? 1));
  }
  const baselines = new Set(all.flatMap(({ run }) => runs.get(run)?.baseline ?? []));
  const marks = markedSteps(query.mark);
  const manyOwners = new Set(all.map((one) => one.group ?? one.run)).size > 1;
  const metricKey = (one: Series) => (manyOwners ? `${one.group ?? one.run} ${one.metric}` : one.metric);
  const byMetric = metricColors(all.map(metricKey));
  return all.map((one, i): SeriesLine[] => {
    const name = names[i] ?? one.metric;
    const isBaseline = one.run === query.baseline || (baselines.has(one.run) && all.some(({ run }) => run !== one.run));
    const isOvertaken = (one.attempt ?? 1) < (newest.get(one.run) ?? 1);
    const role: LineRole = isBaseline ? 'baseline' : isOvertaken ? 'overtaken' : 'own';
    const ownColor = manyMetrics
      ? (byMetric.get(metricKey(one)) ?? BASELINE_COLOR)
      : one.group === undefined
        ? runColor(runs.get(one.run) ?? { id: one.run })
        : colorOf(one.group);
    const color = isBaseline && !manyMetrics ? BASELINE_COLOR : ownColor;
    const { metric } = one;
    const labels = labelsOf(one, runs);
    const places = placesOf(one, context);
    const values = one.value.map(toNumber);
    const { axisLabel, ...unit } = unitConfig(metric, values);
    const line = (suffix: string, config: Field['config'], at: Places, drawn: (number | null)[]): SeriesLine => ({
      places: at,
      values: drawn,
      field: {
        name: `${metric}${suffix}`,
        type: 'number' as Field['type'],
        labels,
        config: {
          ...unit,
          ...config,
          custom: { ...config.custom, ...(axisLabel !== undefined && { axisLabel }) },
          displayNameFromDS: `${name}${suffix}`,
        },
      },
    });
    const odd = oddPoints(values);
    const hasGaps = odd !== undefined;
    const main = { ...lineConfig(color, role, hasGaps), ...(links && { links: [...links] }) };
    const lines: SeriesLine[] = [];
    if (smoothing === undefined) {
      lines.push(line('', main, places, broken(values, odd)));
    } else {
      const mean = means?.series.find((other) => isSame(other, one)) ?? one;
      const at = mean === one ? places : placesOf(mean, context);
      const bucketMeans = mean.value.map(toNumber);
      lines.push(line('', main, at, broken(smooth(bucketMeans, smoothing), oddPoints(bucketMeans))));
      lines.push(line(' raw', faintConfig(color, hasGaps), places, broken(values, odd)));
    }
    if (odd) {
      const at = { x: pick(places.x, odd.at), step: pick(places.step, odd.at), time: pick(places.time, odd.at) };
      lines.push({ ...line(' not finite', oddConfig, at, odd.heights), isOdd: true });
    }
    const { spread } = one;
    if (spread) {
      const edge = (sign: number) => values.map((value, j) => value + sign * (spread[j] ?? 0));
      lines.push(line(' + sd', edgeConfig(color, `${name} − sd`), places, edge(1)));
      lines.push(line(' − sd', edgeConfig(color), places, edge(-1)));
    }
    const marked = markPlaces(lines[0] ?? line('', main, places, values), marks);
    if (marked.values.length > 0) {
      lines.push(line(' at the marked step', markConfig(color), marked.places, marked.values));
    }
    return lines;
  });
}

const pick = <T>(values: readonly T[], at: readonly number[]): T[] => at.map((i) => values[i] as T);

/** The values of a line that breaks at its odd points. */
function broken(values: readonly number[], odd: OddPoints | undefined): (number | null)[] {
  const drawn: (number | null)[] = [...values];
  for (const i of odd?.at ?? []) {
    drawn[i] = null;
  }
  return drawn;
}

const isSame = (a: Series, b: Series) =>
  a.run === b.run && a.metric === b.metric && a.group === b.group && a.attempt === b.attempt;

function labelsOf(one: Series, runs: MetricsContext['runs']): Record<string, string> {
  const run = runs.get(one.run);
  const group = one.group ?? run?.group;
  const job = run && jobOfRun(run);
  return {
    run: one.run,
    metric: one.metric,
    ...(run && { project: run.project }),
    ...(group !== undefined && { group }),
    ...(job && { job: job.id }),
    ...(one.attempt !== undefined && { attempt: String(one.attempt) }),
  };
}

/** Finds where a line passes the marked steps. */
function markPlaces({ places, values }: SeriesLine, marks: readonly number[]): { places: Places; values: number[] } {
  const marked = { places: { x: [] as number[], step: [] as number[], time: [] as number[] }, values: [] as number[] };
  for (const step of [...marks].sort((a, b) => a - b)) {
    const place = placeOfStep(places, step);
    const between = (all: readonly (number | null)[]) => {
      const from = all[place?.before ?? -1] ?? Number.NaN;
      return place?.share ? from + place.share * ((all[place.before + 1] ?? Number.NaN) - from) : from;
    };
    const [x, value] = [between(places.x), between(values)];
    if (place && Number.isFinite(x) && Number.isFinite(value)) {
      marked.places.x.push(x);
      marked.places.step.push(step);
      marked.places.time.push(Math.round(between(places.time)));
      marked.values.push(value);
    }
  }
  return marked;
}
